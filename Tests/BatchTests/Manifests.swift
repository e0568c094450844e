import Batch
import Foundation
import SystemPackage
import TestSupport

/// A command with a few flags, so that manifests are read without an encoder.
struct SmallCommand: JobCommand {
    let flags = [
        JobFlag(name: "codec", isSwitch: false, isRepeatable: false, isFile: false),
        JobFlag(name: "pixel-format", isSwitch: false, isRepeatable: false, isFile: false),
        JobFlag(name: "crf", isSwitch: false, isRepeatable: false, isFile: false),
        JobFlag(name: "verify", isSwitch: true, isRepeatable: false, isFile: false),
        JobFlag(name: "overwrite", isSwitch: true, isRepeatable: false, isFile: false),
        JobFlag(name: "encoder-option", isSwitch: false, isRepeatable: true, isFile: false),
        JobFlag(name: "chunks", isSwitch: false, isRepeatable: false, isFile: true),
    ]

    func job(_ arguments: [String]) throws(JobRefusal) -> EncodeJob {
        for argument in arguments where argument.hasPrefix("--crf=") && Int(argument.dropFirst(6)) == nil {
            throw JobRefusal("--crf is a number, not \(argument.dropFirst(6))")
        }
        let input = arguments.last.map { $0 == "-" ? ByteSource.Origin.standardInput : .path(FilePath($0)) }
        var description = InputDescription(input ?? .standardInput)
        (description.format, description.pixelFormat) = (.raw, .i420)
        (description.size, description.framerate) = (PictureSize(width: 64, height: 64), FrameRate("30"))
        let output = arguments.first { $0.hasPrefix("--output=") }?.dropFirst(9) ?? ""
        let codec = arguments.first { $0.hasPrefix("--codec=") }.flatMap {
            VideoCodec(rawValue: String($0.dropFirst(8)))
        }
        let formats: [VideoCodec: OutputFormat] = [.vp8: .ivf, .vp9: .ivf, .av1: .obu]
        let format = codec.flatMap { formats[$0] } ?? .annexB
        return EncodeJob(
            input: description,
            config: EncoderConfig(codec: .lowest(codec ?? .h264), width: 0, height: 0),
            output: OutputDescription(.path(FilePath(String(output))), format: format)
        )
    }

    func refusal(_ error: JobError) -> JobRefusal { JobRefusal("\(error)") }
}

extension TemporaryFolder {
    /// Reads a manifest of a few lines in the folder, which has files of one frame called `a.yuv` and `b.yuv`.
    func plan(
        _ text: String,
        name: String = "jobs.yaml",
        _ change: (inout BatchPlan.Options) -> Void = { _ in }
    ) throws -> BatchPlan {
        for file in ["a.yuv", "b.yuv"] { try write([UInt8](repeating: 128, count: 6144), to: file) }
        var options = BatchPlan.Options(workingFolder: FilePath(url.path))
        change(&options)
        return try BatchPlan(FilePath(name), bytes: Array(text.utf8), command: SmallCommand(), options: options)
    }

    /// The problems of a manifest, one in each line; empty without any.
    func problems(_ text: String, name: String = "jobs.yaml") -> [String] {
        refusal { try plan(text, name: name) }.split(separator: "\n").map(String.init)
    }
}
