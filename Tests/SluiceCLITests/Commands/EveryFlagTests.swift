import Batch
import Sluice
import Testing

@testable import SluiceCLI

/// Everything that a job is made of, as text.
func fields(_ job: some Any) -> String {
    var text = ""
    dump(job, to: &text)
    return text
}

@Suite("Every flag of encode")
struct EveryFlagTests {
    /// A value for each flag that takes one, and what else has to be given with it.
    private static let values = [
        "size": "64x48", "framerate": "25", "pixel-format": "i420", "input-format": "raw", "stride": "64", "skip": "1",
        "plane-rows": "64", "start-number": "3", "sample-shift": "6 --pixel-format i420p10",
        "frames": "5", "expect-frames": "5", "input-timeout": "5", "codec": "av1", "bitrate": "1M",
        "bitrate-mode": "constant", "quantizer": "20", "qindex": "20", "crf": "30", "latency-mode": "realtime",
        "content-hint": "text", "scalability-mode": "L1T2", "hardware-acceleration": "prefer-hardware",
        "encoder": "libx264", "key-frame-interval": "30", "preset": "fast", "encoder-option": "a=b", "threads": "2",
        "filter": "hflip", "crop": "32x32+0+0", "pad": "80x80", "fit": "80x80", "tone-map": "sdr",
        "input-primaries": "bt2020", "input-transfer": "linear", "input-matrix": "bt709", "input-range": "full",
        "reference-white": "100", "scale": "32x32", "odd-size": "crop", "chroma": "444", "bit-depth": "10",
        "alpha": "keep",
        "background": "102030", "rotation": "90", "max-cll": "10,5", "display-size": "64x64",
        "mastering-display": "G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1)",
        "color-primaries": "bt2020", "color-transfer": "pq", "color-matrix": "bt2020-ncl", "color-range": "full",
        "chroma-location": "center", "format": "mkv", "chunks": "c.jsonl", "receipt": "r.json",
        "duration-of-last": "0.5", "framerate-of-output": "50",
        "metadata": "artist=Me", "title": "T", "language": "deu", "timecode": "01:00:00:00",
        "min-psnr": "40", "queue-depth": "3", "max-memory": "64M", "parallel": "2",
        "description": "a.bin --format avcc", "segment-frames": "30 --parallel 2",
    ]
    private static let unchanged = Result { fields(try encodeJob("")) }
    /// What the run reads, and the job does not have yet.
    private static let readLater = ["frame-options", "frame-times", "chapters"]

    @Test("Every flag of encode ends up in the job", arguments: EncodeJobCommand().flags)
    func reachesTheJob(flag: JobFlag) throws {
        guard !Self.readLater.contains(flag.name) else { return }
        let value = flag.isSwitch ? "" : try #require(Self.values[flag.name], "no value to try for --\(flag.name)")
        #expect(fields(try encodeJob("--\(flag.name) \(value)")) != (try Self.unchanged.get()))
    }

    @Test("Every flag of encode is allowed in a batch's jobs, except those for the run of the program itself")
    func jobFlags() {
        let names = Set(EncodeJobCommand().flags.map(\.name))
        for name in ["output", "json", "progress", "progress-fd", "quiet", "log-level", "help", "no-sandbox"] {
            #expect(!names.contains(name), "\(name)")
        }
        #expect(names.isSuperset(of: Self.values.keys))
        #expect(names.isSuperset(of: Self.readLater))
    }

    @Test("Every flag of encode of a batch's job is read as on the command line")
    func sameReader() throws {
        let command = EncodeJobCommand()
        let words = ["--codec=av1", "--crf=30", "--skip=2"]
        let read = try EncodeCommand.parse(words + ["--output=b.mkv", "--", "b.y4m"]).makeJob()
        // Twice: the second is made of what the first was parsed to.
        _ = try command.job(words + ["--output=a.mkv", "--", "a.y4m"])
        #expect(fields(try command.job(words + ["--output=b.mkv", "--", "b.y4m"])) == fields(read))
    }

    @Test("Every invalid flag in a batch's job is refused with the message of the command line")
    func jobRefusal() {
        let error = #expect(throws: JobRefusal.self) {
            try EncodeJobCommand().job(["--crf=x", "--output=a.mkv", "--", "a.y4m"])
        }
        #expect(error?.status == .usage && error?.message.contains("--crf") == true)
    }
}
