// swift-tools-version: 6.1
import PackageDescription

// A package of its own, so that the product never depends on what only benchmarks need.

let package = Package(
  name: "Benchmarks",
  dependencies: [
    .package(name: "edviz", path: ".."),
    .package(url: "https://github.com/google/swift-benchmark", from: "0.1.2"),
  ],
  targets: [
    .executableTarget(name: "Forward", dependencies: [.product(name: "EDViz", package: "edviz")]),
    .executableTarget(name: "Steps", dependencies: [.product(name: "EDViz", package: "edviz")]),
    .executableTarget(
      name: "Kernels",
      dependencies: [
        .product(name: "EDViz", package: "edviz"), .product(name: "Benchmark", package: "swift-benchmark"),
      ]),
  ]
)
