import Testing

@Suite("Encoding with --verify at any rate from any container")
struct VerifyMatrixTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let rates = ["15", "24000/1001", "24", "30000/1001", "30", "60000/1001", "25/2", "1000/33"]
    private static let sources = ["mkv", "webm", "flv", "ts", "mp4", "avi", "ivf"]
    private static let outputs = ["mp4", "mkv", "webm", "ivf", "h264"]

    private static func coding(_ source: String) -> String {
        switch source {
        case "webm", "ivf": "-c:v libvpx -deadline realtime -cpu-used 8 -b:v 300k"
        case "avi": "-c:v libx264 -preset ultrafast -bf 0"
        default: "-c:v libx264 -preset ultrafast -bf 2"
        }
    }

    private static func flags(_ output: String) -> String {
        switch output {
        case "webm", "ivf": "--codec vp8 --latency-mode realtime --preset 5 --bitrate 300k"
        default: "--codec h264 --preset ultrafast"
        }
    }

    /// Each failure is a line with the rate, the source and the output.
    @Test(
        "Encoding with --verify succeeds at any rate from any container into every format, with the source's frames (fault E9)",
        .mustEnd,
        arguments: rates
    )
    func succeeds(rate: String) throws {
        let make = Self.sources.map { source in
            let picture = "ffmpeg -v error -y -f lavfi -i testsrc2=s=64x48:r=\(rate):d=0.6 -pix_fmt yuv420p"
            return "\(picture) \(Self.coding(source)) in.\(source)"
        }
        try folder.succeed(make.joined(separator: " && "))
        let encodes = Self.sources.flatMap { source in
            Self.outputs.map { output in
                let encode = "sluice encode in.\(source) \(Self.flags(output)) --verify --quiet -o \(source).\(output)"
                return "\(encode) 2>e || { echo \"\(source) to \(output): $(cat e)\"; }"
            }
        }
        let outcome = try folder.succeed(encodes.joined(separator: "\n"), timeLimit: 240)
        #expect(outcome.text == "")
        for source in Self.sources {
            let frames = try folder.frameCount("in.\(source)")
            for output in Self.outputs { #expect(try folder.frameCount("\(source).\(output)") == frames) }
        }
    }
}
