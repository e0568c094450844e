import Batch
import Sluice

extension FuzzTarget {
    /// What a batch is told to do, as YAML and as JSON.
    static let manifests = [
        FuzzTarget("manifest-yaml") { bytes in _ = try plan(bytes, "jobs.yaml") },
        FuzzTarget("manifest-json") { bytes in _ = try plan(bytes, "jobs.json") },
    ]

    private static func plan(_ bytes: [UInt8], _ name: String) throws -> BatchPlan {
        // An empty folder, without files above it that a pattern could match.
        let options = BatchPlan.Options(workingFolder: FilePath("/proc/self/task/nowhere"))
        return try BatchPlan(FilePath(name), bytes: bytes, command: NoEncoder(), options: options)
    }
}

/// A command of a few flags, which opens nothing.
private struct NoEncoder: JobCommand {
    let flags =
        ["codec", "pixel-format", "crf", "size", "framerate", "chunks", "receipt"].map { name in
            JobFlag(name: name, isSwitch: false, isRepeatable: false, isFile: ["chunks", "receipt"].contains(name))
        } + [JobFlag(name: "overwrite", isSwitch: true, isRepeatable: false, isFile: false)]

    func job(_ arguments: [String]) throws(JobRefusal) -> EncodeJob {
        var description = InputDescription(.path(FilePath(arguments.last ?? "")))
        (description.format, description.pixelFormat) = (.raw, .i420)
        (description.size, description.framerate) = (PictureSize(width: 64, height: 64), FrameRate("30"))
        let output = arguments.first { $0.hasPrefix("--output=") }?.dropFirst(9) ?? ""
        return EncodeJob(
            input: description,
            config: EncoderConfig(codec: .lowest(.h264), width: 0, height: 0),
            output: OutputDescription(.path(FilePath(String(output))), format: .annexB)
        )
    }

    func refusal(_ error: JobError) -> JobRefusal { JobRefusal("\(error)") }
}
