// swift-tools-version: 6.1
import PackageDescription

// A package of its own, because it builds only with libFuzzer: scripts/fuzz says how. The package of edviz compiles
// Readers, too, into the tests that run what was once found.

let package = Package(
  name: "Fuzzing",
  dependencies: [.package(name: "edviz", path: "../..")],
  targets: [
    .target(name: "CLibFuzzer", path: "CLibFuzzer"),
    .executableTarget(
      name: "Fuzz", dependencies: ["CLibFuzzer", .product(name: "EDViz", package: "edviz")], path: ".",
      exclude: ["CLibFuzzer", "Readers/Regression", "Reproducers", "Seeds"],
      sources: ["Driver", "Readers/Targets"]),
  ]
)
