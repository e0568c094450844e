import Foundation
import Testing

/// The object of `sluice compare --json`.
private struct Comparison: Decodable {
    /// A number, or the text `inf`.
    struct Number: Decodable {
        let value: Double

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Double.self) {
                value = number
            } else {
                let text = try container.decode(String.self)
                guard text == "inf" else { throw TestFailure("\(text) is no number") }
                value = .infinity
            }
        }
    }

    struct Values: Decodable {
        let byComponent: [Number]
        let all: Number

        var numbers: [Double] { byComponent.map(\.value) + [all.value] }
    }

    struct Frame: Decodable {
        let frame: Int
        let timestamp: Int
        let psnr: Values
        let ssim: Values?
    }

    let frames: Int
    let components: [String]
    let conversion: String?
    let psnr: Values
    let ssim: Values?
    let lowestPSNR: Values
    let worst: [Frame]
    let everyFrame: [Frame]
}

/// The output of one of ffmpeg's filters: the numbers of each frame, and of all, by name.
private struct FilterNumbers {
    let frames: [[String: Double]]
    let all: [String: Double]

    /// - Parameter filter: `psnr` or `ssim`.
    init(_ filter: String, _ inputs: String, in folder: TemporaryFolder) throws {
        let graph = "[0][1]\(filter)=stats_file=stats.log"
        // The assembler code of FFmpeg 5.1's ssim sums windows twice at some widths (530); its C code does not.
        let words = try folder.succeed("ffmpeg -cpuflags 0 -hide_banner -nostats \(inputs) -lavfi '\(graph)' -f null -")
            .errors
        let line = try #require(words.split(separator: "\n").last { $0.contains("_\(filter)_") })
        all = Self.numbers(line)
        frames = try folder.text("stats.log").split(separator: "\n").map(Self.numbers)
    }

    private static func numbers(_ line: Substring) -> [String: Double] {
        var numbers: [String: Double] = [:]
        for word in line.split(separator: " ") {
            let parts = word.split(separator: ":")
            guard parts.count == 2 else { continue }
            numbers[parts[0].lowercased()] = parts[1] == "inf" ? .infinity : Double(parts[1])
        }
        return numbers
    }
}

@Suite("Comparing")
struct CompareTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A raw format, as both programs call it.
    struct Format: CustomTestStringConvertible, Sendable {
        let name: String
        let ffmpeg: String
        var components = ["y", "u", "v"]
        var testDescription: String { name }

        static let all = [
            Format(name: "i420", ffmpeg: "yuv420p"), Format(name: "i422", ffmpeg: "yuv422p"),
            Format(name: "i444", ffmpeg: "yuv444p"), Format(name: "gray8", ffmpeg: "gray", components: ["y"]),
            Format(name: "i420p10", ffmpeg: "yuv420p10le"), Format(name: "i444p10", ffmpeg: "yuv444p10le"),
            Format(name: "i420p12", ffmpeg: "yuv420p12le"),
        ]
    }

    private func compare(_ arguments: String) throws -> Comparison {
        let output = try folder.succeed("sluice compare --json \(arguments)").output
        return try JSONDecoder().decode(Comparison.self, from: output)
    }

    /// Raw frames with detail and motion, and the same with noise that grows from frame to frame.
    private func write(_ format: String, size: String, frames: Int = 5) throws {
        let sides = size.split(separator: "x").joined(separator: ":")
        let source = "ffmpeg -v error -f lavfi -i testsrc2=s=640x64:r=25"
        let crop = "format=gbrp,crop=\(sides):0:0:exact=1"
        let raw = "-frames:v \(frames) -f rawvideo -pix_fmt \(format)"
        try folder.succeed("\(source) -vf \(crop) \(raw) a.raw")
        try folder.succeed("\(source) -vf \(crop),gblur=0.7,noise=alls=9:allf=t \(raw) b.raw")
    }

    private func near(_ actual: [Double], _ expected: [Double?], within distance: Double) -> Bool {
        actual.count == expected.count
            && zip(actual, expected).allSatisfy { $0 == $1 || abs($0 - ($1 ?? .nan)) <= distance }
    }

    @Test("Comparing takes AVCC with its description on either side", .mustEnd, arguments: ["h264", "hevc"])
    func avcc(codec: String) throws {
        let source = try folder.source(frames: 5)
        let raw = "-s 64x48 -p i420 \(source)"
        let encode = "sluice -r 30 \(raw) \(Quick.flags(codec))"
        try folder.succeed("\(encode) --format avcc --description a.record -o a.avcc")
        try folder.succeed("\(encode) -o a.mp4")
        let expected = try compare("\(raw) a.mp4")
        let second = try compare("\(raw) a.avcc --second-description a.record")
        let first = try compare("a.avcc \(raw) --first-description a.record")
        for seen in [second, first] {
            #expect(seen.frames == 5 && seen.psnr.numbers == expected.psnr.numbers)
        }
        let wrong = "sluice compare \(raw) a.avcc --second-description"
        try folder.fail("\(wrong) a.mp4", status: 65)
        try folder.fail("\(wrong) none", status: 66)
        try folder.fail("\(wrong) a.record --second-format y4m", status: 64, saying: "AVCC")
        try folder.fail(
            "sluice compare - a.avcc --second-description - < a.record",
            status: 64,
            saying: "only one side"
        )
    }

    @Test(
        "Comparing agrees with ffmpeg's psnr and ssim, on every frame and on all",
        .mustEnd,
        arguments: Format.all,
        ["64x48", "67x35", "530x40"]
    )
    func agreement(format: Format, size: String) throws {
        try write(format.ffmpeg, size: size)
        let comparison = try compare("-s \(size) -p \(format.name) a.raw b.raw")
        let raw = "-f rawvideo -r 25 -s \(size) -pix_fmt \(format.ffmpeg) -i"
        let psnr = try FilterNumbers("psnr", "\(raw) a.raw \(raw) b.raw", in: folder)
        let ssim = try FilterNumbers("ssim", "\(raw) a.raw \(raw) b.raw", in: folder)
        try #require(comparison.frames == 5 && psnr.frames.count == 5 && ssim.frames.count == 5)

        for (index, frame) in comparison.everyFrame.enumerated() {
            let decibels = (format.components.map { "psnr_\($0)" } + ["psnr_avg"]).map { psnr.frames[index][$0] }
            #expect(frame.frame == index)
            #expect(near(frame.psnr.numbers, decibels, within: 0.01), "\(frame.psnr.numbers), \(decibels)")
            let similarities = (format.components + ["all"]).map { ssim.frames[index][$0] }
            let own = try #require(frame.ssim).numbers
            #expect(near(own, similarities, within: 0.0005), "\(own), \(similarities)")
        }
        let decibels = (format.components + ["average"]).map { psnr.all[$0] }
        #expect(near(comparison.psnr.numbers, decibels, within: 0.01), "\(comparison.psnr.numbers), \(decibels)")
        #expect(near([comparison.lowestPSNR.all.value], [psnr.all["min"]], within: 0.01))
        let similarities = (format.components + ["all"]).map { ssim.all[$0] }
        let own = try #require(comparison.ssim).numbers
        #expect(near(own, similarities, within: 0.0005), "\(own), \(similarities)")
    }

    @Test(
        "Comparing agrees with ffmpeg on streams with reordered frames, in every container",
        .mustEnd,
        arguments: [
            ("h264", "out.h264"), ("h264", "out.mp4"), ("hevc", "out.mkv"), ("vp9", "out.webm"), ("av1", "out.ivf"),
        ]
    )
    func streams(codec: String, file: String) throws {
        try folder.succeed("\(Content.natural(size: "96x64", seconds: 1)) -f rawvideo -pix_fmt yuv420p a.raw")
        try folder.succeed("sluice -s 96x64 -r 30 -p i420 \(Quick.flags(codec)) --crf 30 -o \(file) a.raw")
        let comparison = try compare("-s 96x64 -p i420 a.raw \(file)")
        #expect(comparison.frames == 30)
        #expect(comparison.conversion == nil)
        let expected = try folder.psnr(file, against: "a.raw", "yuv420p", size: "96x64")
        #expect(abs(comparison.psnr.all.value - expected) <= 0.01)
        // The other way round, the times are the stream's.
        let reversed = try compare("-s 96x64 -p i420 \(file) a.raw")
        #expect(abs(reversed.psnr.all.value - expected) <= 0.01)
        #expect(reversed.everyFrame.map(\.timestamp) == reversed.everyFrame.map(\.timestamp).sorted())
    }

    @Test("Comparing equal videos finds no difference", .mustEnd)
    func identical() throws {
        try write("yuv420p", size: "64x48")
        let comparison = try compare("-s 64x48 -p i420 --min-psnr 1000 --min-ssim 1 a.raw - < a.raw")
        #expect(comparison.psnr.numbers == [.infinity, .infinity, .infinity, .infinity])
        #expect(comparison.ssim?.numbers == [1, 1, 1, 1])
        #expect(try folder.succeed("sluice compare -s 64x48 -p i420 a.raw a.raw").text.contains("inf"))
    }

    @Test("Comparing names the worst frames, the worst first", .mustEnd)
    func worst() throws {
        try write("yuv420p", size: "64x48", frames: 12)
        var bytes = try folder.bytes("a.raw")
        let frameBytes = 64 * 48 * 3 / 2
        for (frame, change) in [(3, 2), (7, 60), (9, 20)] {
            for place in 0..<500 { bytes[frame * frameBytes + place] ^= UInt8(change) }
        }
        try folder.write(bytes, to: "b.raw")
        let comparison = try compare("-s 64x48 -p i420 -r 25 --worst 2 a.raw b.raw")
        #expect(comparison.worst.map(\.frame) == [7, 9])
        #expect(comparison.worst.first?.timestamp == 280_000)
        #expect(comparison.lowestPSNR.all.value == comparison.worst.first?.psnr.all.value)
        let table = try folder.succeed("sluice compare -s 64x48 -p i420 -r 25 --worst 2 a.raw b.raw").lines
        #expect(table.suffix(2).map { $0.split(separator: " ").first } == ["7", "9"])
        #expect(table.contains { $0.hasPrefix("12 frames") })
    }

    @Test("Comparing fails with 76 where the quality is missed, and still reports what it is", .mustEnd)
    func gates() throws {
        try write("yuv420p", size: "64x48")
        let flags = "-s 64x48 -p i420 a.raw b.raw"
        let missed = try folder.fail("sluice compare --min-psnr 60 \(flags)", status: 76, saying: "PSNR", "60")
        #expect(missed.text.contains("PSNR"))
        try folder.fail("sluice compare --min-ssim 0.9999 \(flags)", status: 76, saying: "SSIM", "0.9999")
        try folder.succeed("sluice compare --min-psnr 10 --min-ssim 0.1 \(flags)")
        let json = try folder.run("sluice compare --json --min-psnr 60 \(flags)")
        #expect(json.ending == .exited(76))
        #expect(try JSONDecoder().decode(Comparison.self, from: json.output).frames == 5)
        #expect(try JSONDecoder().decode(FailureObject.self, from: Data(json.errors.utf8)).error.code == 76)
    }

    @Test("Comparing refuses sides of different lengths, with both counts", .mustEnd)
    func counts() throws {
        try write("yuv420p", size: "64x48")
        try folder.succeed("head -c \(3 * 64 * 48 * 3 / 2) a.raw > short.raw")
        let flags = "sluice compare -s 64x48 -p i420"
        try folder.fail("\(flags) a.raw short.raw", status: 65, saying: "5 frames", "has 3")
        try folder.fail("\(flags) short.raw a.raw", status: 65, saying: "3 frames", "has 5")
        try folder.succeed("\(flags) --frames 3 short.raw a.raw")
        #expect(try compare("-s 64x48 -p i420 --first-skip 2 --frames 3 a.raw short.raw").frames == 3)
        try folder.fail("\(flags) --frames 4 short.raw a.raw", status: 65, saying: "3 frames", "4")
    }

    @Test("Comparing refuses sides of different sizes", .mustEnd)
    func sizes() throws {
        for size in ["64x48", "48x64"] {
            try folder.succeed("sluice testsrc -s \(size) -p i420 --frames 2 --format y4m -o \(size).y4m")
        }
        try folder.fail("sluice compare 64x48.y4m 48x64.y4m", status: 69, saying: "64x48", "48x64")
    }

    @Test("Comparing converts the second side to the first one's format, and reports so", .mustEnd)
    func conversion() throws {
        try folder.succeed("sluice testsrc -s 64x48 -p i420 --frames 3 --format y4m -o a.y4m")
        try folder.succeed("ffmpeg -v error -i a.y4m -pix_fmt yuv420p10le -strict -1 deep.y4m")
        let depth = try compare("a.y4m deep.y4m")
        #expect(depth.psnr.all.value == .infinity)
        #expect(depth.conversion?.contains("i420p10") == true)

        try folder.write((0..<3).flatMap { _ in Patches.rgb24 }, to: "rgb.raw")
        let size = "\(Patches.width)x\(Patches.height)"
        try folder.succeed("sluice -s \(size) -r 30 -p rgb24 --crf 5 -o rgb.h264 rgb.raw")
        let outcome = try folder.succeed("sluice compare -s \(size) -p rgb24 rgb.raw rgb.h264 --min-psnr 25")
        #expect(outcome.errors.contains("i420") && outcome.errors.contains("rgb24"))
        #expect(outcome.text.contains("R") && outcome.text.contains("B"))
    }

    @Test("Comparing has no similarity of planes smaller than a window", .mustEnd)
    func small() throws {
        try write("yuv420p", size: "14x14")
        let comparison = try compare("-s 14x14 -p i420 a.raw b.raw")
        #expect(comparison.ssim == nil)
        #expect(comparison.psnr.all.value > 10)
        try folder.fail("sluice compare -s 14x14 -p i420 a.raw b.raw --min-ssim 0.5", status: 69, saying: "8 by 8")
    }

    @Test("Comparing refuses a damaged stream, or takes the damage for its end", .mustEnd)
    func damage() throws {
        try folder.succeed("\(Content.natural(size: "96x64", seconds: 1)) -f rawvideo -pix_fmt yuv420p a.raw")
        try folder.succeed("sluice -s 96x64 -r 30 -p i420 --crf 10 --key-frame-interval 1 -o out.h264 a.raw")
        // Every frame has some kilobytes.
        try folder.succeed("head -c $(($(stat -c %s out.h264) - 300)) out.h264 > cut.h264")
        let flags = "sluice compare -s 96x64 -p i420 a.raw cut.h264"
        try folder.fail(flags, status: 65, saying: "cut.h264", "damaged")
        try folder.succeed("\(flags) --accept-partial --frames 20")
        try folder.fail("\(flags) --accept-partial", status: 65, saying: "30 frames")
    }

    @Test("Comparing reports errors of its sides", .mustEnd)
    func failures() throws {
        try write("yuv420p", size: "64x48")
        try folder.fail("sluice compare - -", status: 64, saying: "standard input")
        try folder.fail("sluice compare a.raw b.raw", status: 64, saying: "--size")
        try folder.fail("sluice compare -s 64x48 -p i420 a.raw missing.raw", status: 66, saying: "missing.raw")
        try folder.succeed("head -c 5000 a.raw > part.raw")
        try folder.fail("sluice compare -s 64x48 -p i420 a.raw part.raw", status: 65, saying: "partial")
        try folder.succeed("sluice compare -s 64x48 -p i420 --accept-partial --frames 1 a.raw part.raw")
        try folder.succeed("sluice -s 64x48 -r 30 -p i420 -o out.mp4 a.raw")
        try folder.succeed("sluice compare out.mp4 out.mp4 -s 64x48 -p i420")
        try folder.fail(
            "sluice compare out.mp4 out.mp4 -s 32x48",
            status: 64,
            saying: "--size 32x48 contradicts out.mp4"
        )
        try folder.fail("sluice compare out.mp4 out.mp4 -p rgba", status: 64, saying: "whose frames are i420")
        try folder.succeed("head -c $(($(stat -c %s out.mp4) - 300)) out.mp4 > cut.mp4")
        try folder.fail("sluice compare -s 64x48 -p i420 a.raw cut.mp4", status: 65, saying: "cut.mp4")
        try folder.fail("sluice compare -s 64x48 -p i420 a.raw b.raw --worst -1", status: 64)
    }

    @Test("Comparing of gray frames with a stream gives the same whichever side is first")
    func gray() throws {
        try folder.succeed(
            "sluice testsrc -s 192x128 --frames 5 -p gray8 -o g.raw && sluice g.raw -s 192x128 -r 30 -p gray8 -o g.mp4"
        )
        let flags = "-s 192x128 -p gray8 --json --min-psnr 35"
        try folder.succeed("sluice compare g.raw g.mp4 \(flags)")
        try folder.succeed("sluice compare g.mp4 g.raw \(flags)")
        try folder.succeed("sluice inspect g.mp4 --source g.raw -s 192x128 -p gray8")
    }

    @Test(
        "Pictures of red, green and blue are compared in any order and depth, with alpha or without, and not with floats"
    )
    func pictures() throws {
        let source = "ffmpeg -v error -f lavfi -i testsrc2=s=64x48,format=rgba,colorchannelmixer=aa=0.5 -frames:v 1"
        try folder.succeed("\(source) a.png && ffmpeg -v error -i a.png -pix_fmt rgb24 b.png")
        try folder.succeed(
            "ffmpeg -v error -i b.png -pix_fmt rgb48be c.png; ffmpeg -v error -i b.png -pix_fmt bgra d.bmp"
        )
        try folder.succeed("ffmpeg -v error -i b.png -vf negate e.png; ffmpeg -v error -i b.png f.exr")
        for (first, second) in [("a", "b"), ("b", "a"), ("b", "c"), ("c", "b")] {
            // ffmpeg's 16 bits of 8 are not exact.
            let least = [first, second].contains("c") ? 50 : 99
            let outcome = try folder.succeed("sluice compare \(first).png \(second).png --min-psnr \(least)")
            let isAlpha = [first, second].contains("a")
            #expect(outcome.errors.contains("the transparency of a.png") == isAlpha, "\(outcome.errors)")
        }
        try folder.succeed("sluice compare b.png d.bmp --min-psnr 99")
        try folder.fail("sluice compare b.png e.png --min-psnr 20", status: 76, saying: "PSNR")
        try folder.fail("sluice compare f.exr b.png", status: 69, saying: "f.exr", "floats")
    }
}
