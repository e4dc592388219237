// swift-tools-version: 6.1
import PackageDescription

// The rooms of edviz, ground floor first. A target uses only targets on lower floors.

let package = Package(
  name: "edviz",
  products: [
    .library(name: "EDViz", targets: ["EDViz"]),
    .executable(name: "edviz", targets: ["edviz"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0", traits: []),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
  ],
  targets: [
    // Floor 0: C. Shims own what Swift cannot hold (C++ objects, setjmp), kernels what it cannot compile
    // (one loop for several instruction sets); the others name system libraries.
    .target(name: "CRefusedMemory"),
    .target(
      name: "CImageFormats",
      linkerSettings: ["jpeg", "png", "webp", "webpdemux", "tiff", "gif"].map { .linkedLibrary($0) }),
    .target(name: "COneDNN", linkerSettings: [.linkedLibrary("dnnl")]),
    .target(
      name: "CKernels",
      exclude: [
        "block_tail.inc", "bodies.inc", "gates.inc", "grouped.inc", "grouped_transposed.inc",
        "narrow.inc", "peak.inc", "pointwise.inc", "statistics.inc", "training.inc", "winograd.inc",
        "winograd_products.inc", "winograd_transforms.inc", "winograd_weights.inc",
      ],
      linkerSettings: [.linkedLibrary("gomp"), .linkedLibrary("m")]),
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-openmp-dev"])]),
    .systemLibrary(name: "CCairo", pkgConfig: "cairo", providers: [.apt(["libcairo2-dev"])]),
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

    // Files: mapping, atomic writing, folders, digests, zip archives; every room that touches the disk does it
    // through this one.
    .target(name: "Files", dependencies: ["COpenSSL", "CZlib"]),

    // Names of classes: lists of them, and ImageNet's.
    .target(name: "ClassNames", dependencies: ["Files"]),

    // Floor 1: the two worlds, numbers and pictures, which do not know of each other.
    .target(name: "Tensors", dependencies: ["CKernels", "COneDNN", "COpenBLAS"]),
    .target(name: "Images", dependencies: ["CImageFormats", "Files"]),

    // Floor 2: layers and graphs of them; files of weights.
    .target(name: "Networks", dependencies: ["CKernels", "Tensors"]),
    .target(name: "Checkpoints", dependencies: ["Files", "Tensors"]),

    // Floor 3: the paper's networks, and models: networks with weights and preprocessing.
    .target(
      name: "EDNets",
      dependencies: [
        "Checkpoints", "ClassNames", "Files", "Images", "Networks", "Tensors",
        .product(name: "Yams", package: "Yams"),
      ]),

    // Labelled pictures, and batches of them.
    .target(name: "Datasets", dependencies: ["Checkpoints", "ClassNames", "Files", "Images", "Tensors"]),

    // Floor 4: how a network learns.
    .target(
      name: "Training",
      dependencies: [
        "Checkpoints", "ClassNames", "Datasets", "EDNets", "Files", "Images", "Networks", "Tensors",
        .product(name: "Yams", package: "Yams"),
      ]),

    // Floor 4: where a network looks.
    .target(
      name: "Attention", dependencies: ["COpenBLAS", "EDNets", "Files", "Images", "Networks", "Tensors"]),

    // Floor 4: networks for other programs.
    .target(
      name: "ONNX",
      dependencies: [
        "EDNets", "Files", "Networks", "Tensors", .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ],
      exclude: ["Generated/onnx.proto"]),

    // Floor 5: pictures with titles and scales, charts; files with numbers.
    .target(
      name: "Figures",
      dependencies: ["Attention", "CCairo", "EDNets", "Files", "Images", "Networks", "Tensors"]),
    .target(name: "Reports", dependencies: ["Attention", "EDNets", "Files", "Images", "Tensors"]),

    // Reports as self-contained HTML.
    .target(
      name: "HTMLReports",
      dependencies: ["Files", "Images", .product(name: "Mustache", package: "swift-mustache")],
      resources: [
        .embedInCode("Template/report.mustache"), .embedInCode("Template/report.css"),
        .embedInCode("Template/report.js"),
      ]),

    // Floor 6: the library under one import, the jobs that join its rooms, and the model that is used when none is
    // named.
    .target(name: "CDefaultModel", exclude: ["default.safetensors"]),
    .target(
      name: "EDViz",
      dependencies: [
        "Attention", "CDefaultModel", "Checkpoints", "ClassNames", "Datasets", "EDNets", "Figures", "Files",
        "HTMLReports", "Images", "Networks", "ONNX", "Reports", "Tensors", "Training",
      ]),

    // Floor 7: the command line.
    .executableTarget(
      name: "edviz",
      dependencies: [
        "CRefusedMemory", "EDViz", "Tensors",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    .testTarget(name: "FilesTests", dependencies: ["Files"]),
    .testTarget(name: "ClassNamesTests", dependencies: ["ClassNames", "Files"], exclude: ["Reference"]),
    .testTarget(name: "TensorsTests", dependencies: ["Tensors"]),
    .testTarget(
      name: "ImagesTests", dependencies: ["Files", "Images"], exclude: ["Reference"],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "NetworksTests", dependencies: ["Networks", "Tensors"], exclude: ["Reference"],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "CheckpointsTests", dependencies: ["Checkpoints", "Files", "Tensors"], exclude: ["Reference"],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "EDNetsTests",
      dependencies: ["Attention", "Checkpoints", "EDNets", "Files", "Images", "Networks", "Tensors"],
      exclude: ["Reference"], resources: [.copy("Fixtures")]),
    .testTarget(
      name: "DatasetsTests",
      dependencies: [
        "Checkpoints", "Datasets", "Files", "Images", "Tensors", .product(name: "Yams", package: "Yams"),
      ],
      exclude: ["Reference"], resources: [.copy("Fixtures")]),
    .testTarget(
      name: "TrainingTests",
      dependencies: [
        "Checkpoints", "Datasets", "EDNets", "Files", "Images", "Networks", "Tensors", "Training",
      ]),
    .testTarget(
      name: "ONNXTests",
      dependencies: [
        "EDNets", "Files", "Networks", "ONNX", "Tensors",
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ],
      exclude: ["Reference"]),
    .testTarget(
      name: "AttentionTests", dependencies: ["Attention", "EDNets", "Images", "Networks", "Tensors"]),
    .testTarget(
      name: "FiguresTests",
      dependencies: ["Attention", "EDNets", "Figures", "Files", "Images", "Networks", "Tensors"]),
    .testTarget(
      name: "ReportsTests", dependencies: ["Files", "HTMLReports", "Images", "Reports", "Tensors"],
      exclude: ["Reference"]),
    .testTarget(
      name: "EDVizTests", dependencies: ["EDViz"], exclude: ["Reference"], resources: [.copy("Fixtures")]),
    .testTarget(
      name: "FuzzingTests",
      dependencies: [
        "Checkpoints", "Datasets", "EDNets", "EDViz", "Files", "Images", "Reports", "Tensors", "Training",
      ],
      path: "Tests/Fuzzing/Readers"),
    .testTarget(name: "CommandLineTests", dependencies: ["EDViz", "edviz"]),
  ]
)
