internal import Sluice

extension Failure {
    /// The failure of a job, with the flags' names in its message.
    init(_ error: JobError) { self.init(error, naming: Self.flags) }

    /// The library's names of settings, and the flags that people type.
    private static let flags = [
        "bitrate": "--bitrate", "codec": "--codec", "constantQuality": "--crf",
        "keyFrameInterval": "--key-frame-interval",
        "preset": "--preset", "quantizer": "--quantizer", "qindex": "--qindex", "threads": "--threads",
        "bitDepth": "--bit-depth", "encoder": "--encoder", "bitrateMode": "--bitrate-mode",
        "latencyMode": "--latency-mode", "scalabilityMode": "--scalability-mode",
        "hardwareAcceleration": "--hardware-acceleration", "contentHint": "--content-hint",
        "chromaLocation": "--chroma-location",
    ]

    static func asFailure<Value>(_ body: () throws(JobError) -> Value) throws(Failure) -> Value {
        do throws(JobError) { return try body() } catch { throw Failure(error) }
    }
}
