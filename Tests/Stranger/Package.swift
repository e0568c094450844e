// swift-tools-version: 6.2

import PackageDescription

// A package of somebody else's that uses Sluice as a library. The tests build its program with what they have built already;
// `swift run --package-path Tests/Stranger` builds everything anew.
let package = Package(
    name: "stranger",
    dependencies: [.package(name: "sluice", path: "../..")],
    targets: [
        .executableTarget(
            name: "stranger",
            dependencies: [.product(name: "Sluice", package: "sluice")],
            path: "Sources"
        )
    ]
)
