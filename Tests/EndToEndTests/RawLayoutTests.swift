import Testing

@Suite("Raw frames that are laid out otherwise")
struct RawLayoutTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let flags = "-s 97x65 -r 25 --codec vp9 --lossless"

    private func make(_ format: String, _ name: String, filter: String = "null") throws {
        let source = "testsrc2=s=98x66:r=25,scale=97:65,format=\(format),\(filter)"
        try folder.succeed(
            "ffmpeg -v error -y -f lavfi -i '\(source)' -frames:v 4 -pix_fmt \(format) -f rawvideo \(name)"
        )
    }

    /// Little-endian samples of two bytes.
    private func words(_ name: String) throws -> [Int] {
        let bytes = try folder.bytes(name)
        return stride(from: 0, to: bytes.count, by: 2).map { Int(bytes[$0]) | Int(bytes[$0 + 1]) << 8 }
    }

    private func write(_ words: [Int], to name: String) throws {
        try folder.write(words.flatMap { [UInt8($0 & 255), UInt8($0 >> 8 & 255)] }, to: name)
    }

    @Test(
        "Raw frames that begin with their lowest row are encoded as those that ffmpeg flipped, in segments too",
        .mustEnd,
        arguments: [
            ("i420", "yuv420p"), ("rgba", "rgba"), ("gbrp", "gbrp"), ("nv12", "nv12"), ("i422p10", "yuv422p10le"),
        ],
        ["", "--parallel 2 --segment-frames 2"]
    )
    func bottomUp(format: (name: String, ffmpeg: String), parallel: String) throws {
        let (name, ffmpeg) = format
        try make(ffmpeg, "up.raw", filter: "vflip")
        try make(ffmpeg, "down.raw")
        let flags = "\(Self.flags) \(parallel) -p \(name)"
        try folder.succeed("sluice \(flags) --bottom-up -o a.webm up.raw && sluice \(flags) -o b.webm down.raw")
        try folder.succeed("sluice \(flags) --bottom-up -o c.webm - <up.raw")
        try folder.succeed("cmp a.webm b.webm && cmp a.webm c.webm")
    }

    @Test("Raw frames whose planes have more rows than the picture are read without those", .mustEnd)
    func planeRows() throws {
        try make("yuv420p", "plain.raw")
        let bytes = try folder.bytes("plain.raw")
        let planes = [(97 * 65, 97 * 72), (49 * 33, 49 * 36), (49 * 33, 49 * 36)]
        var (padded, place): ([UInt8], Int) = ([], 0)
        while place < bytes.count {
            for (size, whole) in planes {
                padded += bytes[place..<place + size] + [UInt8](repeating: 77, count: whole - size)
                place += size
            }
        }
        try folder.write(padded, to: "padded.raw")
        let flags = "\(Self.flags) -p i420"
        try folder.succeed("sluice \(flags) --plane-rows 72 -o a.webm padded.raw")
        try folder.succeed("sluice \(flags) -o b.webm plain.raw && cmp a.webm b.webm")
    }

    @Test("Raw frames whose samples are in the high bits are those that are not", .mustEnd, arguments: [6, 3])
    func sampleShift(shift: Int) throws {
        try make("yuv420p10le", "plain.raw")
        let samples = try words("plain.raw")
        try write(samples.map { $0 << shift }, to: "high.raw")
        let flags = "\(Self.flags) -p i420p10"
        try folder.succeed("sluice \(flags) --sample-shift \(shift) -o a.webm high.raw")
        try folder.succeed("sluice \(flags) -o b.webm plain.raw && cmp a.webm b.webm")
        // Bits below the samples are lost, which a lossless encode does not accept.
        try write(samples.map { $0 << shift | 1 }, to: "low.raw")
        let low = "sluice \(flags) --sample-shift \(shift) -o x.webm low.raw"
        try folder.fail(low, status: 65, saying: "whose low \(shift) bits are not 0")
        try folder.succeed(low.replacing("--lossless", with: "--crf 30"))
    }

    @Test("Raw frames with a shifted sample that exceeds its depth are refused with its value", .mustEnd)
    func excess() throws {
        try make("yuv420p10le", "plain.raw")
        var samples = try words("plain.raw").map { $0 << 3 }
        samples[5000] = 1030 << 3
        try write(samples, to: "in.raw")
        try folder.fail(
            "sluice -s 97x65 -r 25 -p i420p10 --codec vp9 --sample-shift 3 -o x.webm in.raw",
            status: 65,
            saying: "has a sample of 1030; 10 bits hold 0 to 1023"
        )
    }

    @Test(
        "Raw frames cannot be laid out as their format has no room for, and other input not at all",
        .mustEnd,
        arguments: [
            ("-p i420 --sample-shift 2 in.raw", "i420 has samples that fill their bytes"),
            ("-p i420p10 --sample-shift 7 in.raw", "10 bits, which can be shifted by 6"),
            ("-p i420 --plane-rows 64 in.raw", "less than the 65 rows"),
            ("--bottom-up in.y4m", "--bottom-up needs raw input"),
            ("--plane-rows 70 in.y4m", "--plane-rows needs raw input"),
        ]
    )
    func refused(flags: String, reason: String) throws {
        try make("yuv420p", "in.raw")
        try folder.succeed("sluice testsrc -s 97x65 --frames 2 -o in.y4m")
        try folder.fail("sluice -s 97x65 -r 25 --codec vp9 \(flags) -o x.webm", status: 64, saying: reason)
    }
}
