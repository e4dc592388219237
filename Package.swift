// swift-tools-version: 6.1
import PackageDescription

// The rooms of edviz, ground floor first. A target uses only targets on lower floors.

let package = Package(
  name: "edviz",
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
  ],
  targets: [
    // Floor 0: C. Shims own what Swift cannot hold: C++ objects, setjmp, per-function instruction sets.
    .target(name: "CImageFormats", linkerSettings: [.linkedLibrary("jpeg"), .linkedLibrary("png")]),

    // Files: mapping, atomic writing, folders; every room that touches the disk does it through this one.
    .target(name: "Files"),

    // Floor 1: the two worlds, numbers and pictures, which do not know of each other.
    .target(name: "Tensors"),
    .target(name: "Images", dependencies: ["CImageFormats", "Files"]),

    // Floor 2.
    .target(name: "Checkpoints", dependencies: ["Files", "Tensors"]),

    .testTarget(name: "FilesTests", dependencies: ["Files"]),
    .testTarget(name: "TensorsTests", dependencies: ["Tensors"]),
    .testTarget(
      name: "ImagesTests", dependencies: ["Files", "Images"], exclude: ["Reference"],
      resources: [.copy("Fixtures")]),
    .testTarget(name: "CheckpointsTests", dependencies: ["Checkpoints"], resources: [.copy("Fixtures")]),
  ]
)
