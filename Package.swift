// swift-tools-version: 6.2

import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let testing: [SwiftSetting] = [.swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny")]

extension Target.Dependency {
    static let collections = product(name: "DequeModule", package: "swift-collections")
    static let logging = product(name: "Logging", package: "swift-log")
    static let system = product(name: "SystemPackage", package: "swift-system")
    static let argumentParser = product(name: "ArgumentParser", package: "swift-argument-parser")
}

/// One Swift module of ours; it may depend only on modules above it in the list below.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// A program of the examples, which uses the library as others do.
func example(_ name: String) -> Target {
    .executableTarget(name: name, dependencies: ["Sluice"], path: "Examples/\(name)", swiftSettings: testing)
}

/// The tests of a module, or of a part of one.
func tests(of name: String, part: String = "", _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(name)\(part)Tests",
        dependencies: [.byName(name: name), "TestSupport"] + dependencies,
        swiftSettings: testing
    )
}

let package = Package(
    name: "sluice",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "Sluice", targets: ["Sluice"]),
        .executable(name: "sluice", targets: ["SluiceCLI"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    ],
    targets: [
        // C modules: module maps and shims, and the pixel kernels.
        .systemLibrary(name: "CX264", providers: [.apt(["libx264-dev"]), .brew(["x264"])]),
        .systemLibrary(
            name: "CFFmpeg",
            pkgConfig: "libswscale",
            providers: [
                .apt(["libavformat-dev", "libavcodec-dev", "libavfilter-dev", "libswscale-dev", "libavutil-dev"]),
                .brew(["ffmpeg"]),
            ]
        ),
        .systemLibrary(name: "CVPX", pkgConfig: "vpx", providers: [.apt(["libvpx-dev"]), .brew(["libvpx"])]),
        .systemLibrary(name: "CAOM", pkgConfig: "aom", providers: [.apt(["libaom-dev"]), .brew(["aom"])]),
        .systemLibrary(
            name: "CLibYAML",
            pkgConfig: "yaml-0.1",
            providers: [.apt(["libyaml-dev"]), .brew(["libyaml"])]
        ),
        .systemLibrary(
            name: "CLibDeflate",
            pkgConfig: "libdeflate",
            providers: [.apt(["libdeflate-dev"]), .brew(["libdeflate"])]
        ),
        .systemLibrary(name: "CSeccomp", pkgConfig: "libseccomp", providers: [.apt(["libseccomp-dev"])]),
        .target(name: "CPosix"),
        .target(name: "CPixels"),

        // The library, from the bottom up.
        module("VideoTypes"),
        module("Places", ["CPosix", .system]),
        module("Threading", ["CPosix", .collections]),
        module("Confinement", ["CPosix", .target(name: "CSeccomp", condition: .when(platforms: [.linux])), .system]),
        module("Bitstream", ["VideoTypes"]),
        module("Filters", ["VideoTypes"]),
        module("PixelConversion", ["VideoTypes", "CPixels"]),
        module("Containers", ["Bitstream", "Places", "Threading", "VideoTypes", "CPosix", .system]),
        module("EncoderCore", ["Threading", "VideoTypes", "CPosix", .collections]),
        module("PNGDecoding", ["EncoderCore", "Bitstream", "VideoTypes", "CLibDeflate", "CPixels"]),
        module("X264Backend", ["EncoderCore", "Bitstream", "VideoTypes", "CX264", .logging]),
        module("VPXBackend", ["EncoderCore", "Bitstream", "VideoTypes", "CVPX", .logging]),
        module("AOMBackend", ["EncoderCore", "Bitstream", "VideoTypes", "CAOM", .logging]),
        module("EncoderSettings", ["EncoderCore", "Bitstream", "VideoTypes"]),
        module(
            "LibAV",
            [
                "EncoderSettings", "EncoderCore", "Containers", "Bitstream", "PixelConversion", "Threading",
                "VideoTypes", "CFFmpeg",
                "CVPX", .logging, .system,
            ]
        ),
        module(
            "Muxing",
            ["LibAV", "Containers", "Bitstream", "VideoTypes", "CFFmpeg", .logging, .system]
        ),
        module(
            "Ingest",
            ["Bitstream", "PixelConversion", "EncoderCore", "Places", "Threading", "VideoTypes", "CPosix", .system]
        ),
        module(
            "Jobs",
            [
                "Ingest", "LibAV", "X264Backend", "VPXBackend", "AOMBackend", "Containers", "EncoderCore",
                "Confinement",
                "Places", "Threading", "VideoTypes", "CPosix", .collections, .logging, .system,
            ]
        ),
        module(
            "Encoders",
            [
                "Jobs", "Ingest", "LibAV", "EncoderSettings", "X264Backend", "VPXBackend", "AOMBackend", "EncoderCore",
                "PixelConversion", "Bitstream", "Places", "Threading", "VideoTypes", "CPosix", .logging, .system,
            ]
        ),
        module(
            "Media",
            [
                "PNGDecoding", "Encoders", "Jobs", "Ingest", "LibAV", "Containers", "EncoderCore", "PixelConversion",
                "Bitstream",
                "Confinement", "Places", "Threading", "VideoTypes", "CPosix", .collections, .logging, .system,
            ]
        ),
        module(
            "Filtering",
            ["Media", "Encoders", "Jobs", "Ingest", "LibAV", "Filters", "EncoderCore", "Threading", "VideoTypes"]
        ),
        module(
            "Encoding",
            [
                "Filtering", "Media", "Encoders", "Jobs", "Ingest", "Muxing", "LibAV", "Filters", "Containers",
                "EncoderCore",
                "PixelConversion",
                "Bitstream", "Confinement", "Places", "Threading", "VideoTypes", "CPosix", .collections, .logging,
                .system,
            ]
        ),
        module(
            "Shards",
            [
                "Encoding", "Media", "Encoders", "Jobs", "Ingest", "LibAV", "Containers", "EncoderCore", "Bitstream",
                "Confinement", "Places",
                "Threading", "VideoTypes", "CPosix", .logging, .system,
            ]
        ),
        module(
            "Analysis",
            [
                "Media", "Encoders", "Jobs", "Ingest", "EncoderCore", "PixelConversion", "Bitstream", "Containers",
                "Places", "Threading", "VideoTypes", "CPosix", .logging, .system,
            ]
        ),

        // The face: what `import Sluice` gives.
        module(
            "Sluice",
            [
                "Analysis", "Shards", "Encoding", "Media", "Encoders", "Jobs", "Ingest", "Containers", "EncoderCore",
                "Filters", "PixelConversion", "Confinement", "Threading", "VideoTypes", .logging, .system,
            ]
        ),
        module(
            "Batch",
            [
                "Sluice", "Confinement", "LibAV", "Places", "Threading", "VideoTypes", "CLibYAML", "CPosix", .logging,
                .system,
            ]
        ),

        // The program.
        .executableTarget(
            name: "SluiceCLI",
            dependencies: [
                "Sluice", "Batch", "Confinement", "Places", "Threading", "CPosix", .argumentParser, .logging, .system,
            ],
            swiftSettings: strict
        ),

        // Examples, which the tests run.
        example("encode-in-process"),
        example("encode-in-tasks"),
        example("decode-in-tasks"),

        // The tests of each module, from the bottom up, and what they share.
        .target(
            name: "TestSupport",
            dependencies: ["EncoderCore", "Threading", "VideoTypes", .system],
            path: "Tests/TestSupport",
            swiftSettings: testing
        ),
        tests(of: "Places", [.system]),
        tests(of: "Bitstream", ["VideoTypes"]),
        tests(of: "PixelConversion", ["VideoTypes"]),
        tests(of: "VideoTypes"),
        tests(of: "Filters", ["VideoTypes"]),
        tests(of: "Threading"),
        tests(of: "EncoderCore", ["Threading", "VideoTypes"]),
        tests(of: "X264Backend", ["Sluice", "EncoderCore", "Bitstream", "Threading", "VideoTypes", .logging]),
        tests(of: "VPXBackend", ["EncoderCore", "Bitstream", "VideoTypes", .logging]),
        tests(of: "AOMBackend", ["EncoderCore", "Bitstream", "VideoTypes", .logging]),
        tests(of: "Containers", ["Bitstream", "VideoTypes", .system]),
        tests(
            of: "LibAV",
            part: "Encoding",
            ["EncoderSettings", "EncoderCore", "Bitstream", "PixelConversion", "VideoTypes", .logging]
        ),
        tests(of: "LibAV", part: "Decoding", ["EncoderCore", "Bitstream", "VideoTypes"]),
        tests(of: "Muxing", ["LibAV", "Containers", "Bitstream", "VideoTypes", .system]),
        tests(of: "Ingest", ["EncoderCore", "PixelConversion", "Threading", "VideoTypes", .system]),
        tests(of: "Jobs", ["Containers", "EncoderCore", "VideoTypes", .system]),
        tests(of: "Encoders", ["Sluice", "Bitstream", "Threading", "VideoTypes"]),
        tests(of: "Media", ["Jobs", "VideoTypes"]),
        tests(
            of: "Encoding",
            [
                "Sluice", "Encoders", "Jobs", "Media", "Bitstream", "Ingest", "PixelConversion", "Threading",
                "VideoTypes",
                .logging, .system,
            ]
        ),
        tests(of: "Shards", ["Encoding", "Jobs", "Bitstream", "VideoTypes", .system]),
        tests(of: "Analysis", ["Jobs", "Media", "Bitstream", "VideoTypes", .system]),
        tests(of: "Batch", ["Places", "Sluice", "Threading", .system]),
        tests(of: "SluiceCLI", ["Batch", "Jobs", "Sluice", .argumentParser, .logging]),

        // Confines itself by the program's own call, and tries to get out; for the tests of the program.
        .executableTarget(
            name: "confinement-escape",
            dependencies: ["Confinement", .system],
            path: "Tests/ConfinementEscape",
            swiftSettings: testing
        ),

        // What every encoder has to do, whichever library it is.
        .testTarget(
            name: "ConformanceTests",
            dependencies: ["Sluice", "LibAV", "VideoTypes", "TestSupport"],
            swiftSettings: testing
        ),

        // Many random encodes, and long ones.
        .testTarget(
            name: "SoakTests",
            dependencies: ["Sluice", "EncoderCore", "Threading", "VideoTypes", "CPosix", "TestSupport"],
            exclude: ["program.py"],
            swiftSettings: testing
        ),

        // The built program and the examples, as users run them.
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["SluiceCLI", "confinement-escape", "TestSupport"],
            swiftSettings: testing
        ),
        .testTarget(
            name: "ExamplesTests",
            dependencies: ["SluiceCLI", "encode-in-process", "encode-in-tasks", "decode-in-tasks", "TestSupport"],
            swiftSettings: testing
        ),
    ]
)

// What `make fuzz` builds, with -sanitize=fuzzer: without libFuzzer it cannot be linked.
if Context.environment["SLUICE_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "sluice-fuzz",
            dependencies: ["Sluice", "Batch", "Bitstream", "VideoTypes"],
            path: "Tests/Fuzz",
            exclude: ["Corpus", "Dictionaries", "run.py"],
            swiftSettings: testing
        )
    )
}
