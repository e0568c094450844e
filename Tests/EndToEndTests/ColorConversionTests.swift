import Foundation
import TestSupport
import Testing

@Suite("Colors that are converted")
struct ColorConversionTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let patches: [[Double]] = [
        [0, 0, 0], [1, 1, 1], [0.5, 0.25, 0.125], [0.0625, 0.25, 1], [1, 0, 0], [0.25, 0.25, 0.25],
    ]
    private static let size = "-s \(16 * patches.count)x16 -r 25"
    private static let exact = "--codec vp9 --crf 0 --bit-depth 10 --chroma 444"
    private static let toPQ = "--color-primaries bt2020 --color-transfer pq --color-matrix bt2020-ncl"

    private func write(floats: [[Double]], planes: Bool) throws {
        let row: [[Double]] = floats.flatMap { Array(repeating: $0 + [1], count: 16) }
        let pixels: [[Double]] = (0..<16).flatMap { _ in row }
        let channels: [Double] = [1, 2, 0].flatMap { channel in pixels.map { $0[channel] } }
        let values: [Double] = planes ? channels : pixels.flatMap(\.self)
        let bytes: [UInt8] = values.flatMap { value in
            let bits = Float(value).bitPattern
            return (0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
        }
        try folder.write(bytes + bytes, to: "a.raw")
    }

    private func write(bytes: [[Double]]) throws {
        let row: [[UInt8]] = bytes.flatMap { patch in
            Array(repeating: patch.map { UInt8(($0 * 255).rounded()) } + [255], count: 16)
        }
        let frame: [UInt8] = (0..<16).flatMap { _ in row.flatMap(\.self) }
        try folder.write(frame + frame, to: "a.raw")
    }

    /// The samples in the middle of each patch, of 4:4:4 with 10 bits.
    private func samples(_ name: String) throws -> [[Int]] {
        try folder.succeed("ffmpeg -v error -y -i \(name) -pix_fmt yuv444p10le -f rawvideo out.yuv")
        let bytes = try folder.bytes("out.yuv")
        let (width, plane) = (16 * Self.patches.count, 16 * 16 * Self.patches.count)
        return Self.patches.indices.map { patch in
            (0..<3).map { channel in
                let place = 2 * (channel * plane + 8 * width + 16 * patch + 8)
                return Int(bytes[place]) | Int(bytes[place + 1]) << 8
            }
        }
    }

    private func expect(_ name: String, _ expected: [[Double]]) throws {
        for (own, reference) in zip(try samples(name), expected) {
            for (sample, exact) in zip(own, reference) {
                #expect(abs(Double(sample) - exact) <= 1, "\(own) \(reference)")
            }
        }
        let tags = try ["color_primaries", "color_transfer", "color_space"].map { try folder.probe($0, of: name) }
        #expect(tags == ["bt2020", "smpte2084", "bt2020nc"])
    }

    @Test(
        "Linear floats become PQ within 1 of 1023 of a double-precision reference",
        .mustEnd,
        arguments: [("rgbaf32", 203.0), ("gbrpf32", 203), ("rgbaf32", 100)]
    )
    func linear(format: String, white: Double) throws {
        let patches = Self.patches.map { $0.map { 4 * $0 } }
        try write(floats: patches, planes: format == "gbrpf32")
        let told = "--input-primaries bt709 --input-transfer linear --reference-white \(white)"
        try folder.succeed("sluice \(Self.exact) \(told) \(Self.toPQ) \(Self.size) -p \(format) -o a.mkv a.raw")
        try expect("a.mkv", patches.map { Light.samples(Light.inBT2020($0).map { Light.pq($0 * white) }) })
    }

    @Test("Saturated light becomes HLG within 1 of 1023 of a double-precision reference", .mustEnd)
    func hlg() throws {
        try write(floats: Self.patches, planes: false)
        let told = "--input-primaries bt2020 --input-transfer linear --color-transfer hlg --color-matrix bt2020-ncl"
        try folder.succeed("sluice \(Self.exact) \(told) \(Self.size) -p rgbaf32 -o a.mkv a.raw")
        let expected = Self.patches.map { Light.samples(Light.hlg($0.map { 203 * $0 })) }
        for (own, reference) in zip(try samples("a.mkv"), expected) {
            for (sample, exact) in zip(own, reference) {
                #expect(abs(Double(sample) - exact) <= 1, "\(own) \(reference)")
            }
        }
        #expect(try folder.probe("color_transfer", of: "a.mkv") == "arib-std-b67")
    }

    @Test("A color that is converted over a background keeps its depth, multiplied by its alpha or not", .mustEnd)
    func alpha() throws {
        let ramp = (0..<96).map { 0.02 * Double($0) / 95 }
        func bytes(_ pixel: (Double) -> [Double]) -> [UInt8] {
            (0..<16).flatMap { _ in ramp.flatMap(pixel) }.flatMap { value in
                let bits = Float(value).bitPattern
                return (0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
            }
        }
        try folder.write(bytes { [$0, $0, $0, 0.5] }, to: "straight.raw")
        try folder.write(bytes { [$0 / 2, $0 / 2, $0 / 2, 0.5] }, to: "multiplied.raw")
        let told = "--input-primaries bt709 --input-transfer linear \(Self.toPQ) -s 96x16 -r 25 -p rgbaf32"
        let encode = "sluice \(Self.exact) \(told) --background 000000"
        try folder.succeed("\(encode) -o a.mkv straight.raw && \(encode) --premultiplied -o b.mkv multiplied.raw")
        let lumas: [[Int]] = try ["a.mkv", "b.mkv"].map { name -> [Int] in
            try folder.succeed("ffmpeg -v error -y -i \(name) -pix_fmt yuv444p10le -f rawvideo out.yuv")
            let bytes = try folder.bytes("out.yuv")
            return (0..<96).map { column -> Int in
                let place = 2 * (8 * 96 + column)
                return Int(bytes[place]) | Int(bytes[place + 1]) << 8
            }
        }
        for (column, light) in ramp.enumerated() {
            let exact = 64 + 876 * Light.pq(203 * light) / 2
            #expect(lumas.allSatisfy { abs(Double($0[column]) - exact) <= 1 }, "\(lumas.map { $0[column] }) \(exact)")
        }
    }

    @Test("The range of gray is converted as that of YUV is, and RGB has no other matrix or range", .mustEnd)
    func gray() throws {
        let row = [UInt8](repeating: 16, count: 32) + [UInt8](repeating: 235, count: 32)
        try folder.write((0..<64).flatMap { _ in row }, to: "g.raw")
        let encode = "sluice --overwrite --codec h264 --crf 2 -s 64x64 -r 25"
        for (input, output, expected) in [("limited", "full", [0, 255]), ("full", "limited", [30, 218])] {
            try folder.succeed("\(encode) -p gray8 --input-range \(input) --color-range \(output) -o g.mp4 g.raw")
            try folder.succeed("ffmpeg -v error -y -i g.mp4 -f rawvideo g.yuv")
            let bytes = try folder.bytes("g.yuv")
            for (place, value) in zip([8, 56], expected) { #expect(abs(Int(bytes[place]) - value) <= 1, "\(input)") }
            #expect(try folder.probe("color_range", of: "g.mp4") == (output == "full" ? "pc" : "tv"))
        }
        let rgb = "\(encode) -p rgb24 -o x.mp4 g.raw"
        try folder.write([UInt8](repeating: 9, count: 64 * 64 * 3), to: "g.raw")
        try folder.fail("\(rgb) --input-range limited", status: 64, saying: "--input-range", "rgb24")
        try folder.fail("\(rgb) --input-matrix bt709", status: 64, saying: "--input-matrix", "rgb24")
    }

    @Test("Light that is infinite or no number spoils no other color of its pixel", .mustEnd)
    func notFinite() throws {
        let patches: [[Double]] = [
            [.infinity, 1, 1], [.nan, 0.5, 0.5], [1000, 1000, 1000], [1, 1, 1], [1, 1, 1], [1, 1, 1],
        ]
        try write(floats: patches, planes: false)
        let told = "--input-primaries bt709 --input-transfer linear \(Self.toPQ) \(Self.size) -p rgbaf32"
        try folder.succeed("sluice \(Self.exact) \(told) -o a.mkv a.raw")
        let own = try samples("a.mkv")
        #expect(own[0][0] > 700 && own[2][0] == 940, "\(own)")
        let half = Light.samples(Light.inBT2020([0, 0.5, 0.5]).map { Light.pq(203 * $0) })
        #expect(zip(own[1], half).allSatisfy { abs(Double($0) - $1) <= 1 }, "\(own[1]) \(half)")
    }

    @Test("PQ to linear light is refused where it would be cut off at the reference white", .mustEnd)
    func linearLight() throws {
        try write(floats: Self.patches, planes: false)
        let told = "--input-primaries bt709 --input-transfer linear \(Self.toPQ) \(Self.size) -p rgbaf32"
        try folder.succeed("sluice \(Self.exact) \(told) -o hdr.mkv a.raw")
        let linear = "sluice --overwrite \(Self.exact) --color-transfer linear -o x.mkv hdr.mkv"
        try folder.fail(linear, status: 64, saying: "cut off")
        try folder.succeed("\(linear) --reference-white 10000")
    }

    @Test("What a graph makes of colors is what they are converted from", .mustEnd)
    func afterGraph() throws {
        try write(bytes: Self.patches)
        let told = "--input-primaries bt709 --input-transfer srgb \(Self.size) -p rgba"
        try folder.succeed("sluice \(Self.exact) \(told) \(Self.toPQ) -o direct.mkv a.raw")
        for filter in ["--filter zscale=p=bt2020:npl=203", "--denoise", "--filter format=yuv444p16le"] {
            try folder.succeed("sluice --overwrite \(Self.exact) \(told) \(Self.toPQ) \(filter) -o a.mkv a.raw")
            for (own, direct) in zip(try samples("a.mkv"), try samples("direct.mkv")) {
                #expect(zip(own, direct).allSatisfy { abs($0 - $1) <= 4 }, "\(filter): \(own) \(direct)")
            }
        }
        // A graph that maps tones itself needs no more of it.
        let chain = "zscale=t=linear:npl=203,format=gbrpf32le,tonemap=hable,zscale=t=bt709:p=bt709:m=bt709:r=tv"
        let map = "sluice --overwrite \(Self.exact) --filter \(chain) --color-transfer bt709"
        try folder.succeed("\(map) -o sdr.mkv direct.mkv")
        #expect(try folder.probe("color_transfer", of: "sdr.mkv") == "bt709")
        #expect(try folder.probe("color_primaries", of: "sdr.mkv") == "bt709")
    }

    @Test("sRGB and BT.709 become PQ within 1 of 1023 of a double-precision reference", .mustEnd)
    func toPQ() throws {
        try write(bytes: Self.patches)
        let rounded = Self.patches.map { $0.map { ($0 * 255).rounded() / 255 } }
        let curves: [(String, (Double) -> Double)] = [("srgb", Light.ofSRGB), ("bt709", { pow($0, 2.4) })]
        for (name, curve) in curves {
            let told = "--input-primaries bt709 --input-transfer \(name)"
            let encode = "sluice --overwrite \(Self.exact) \(told) \(Self.toPQ) \(Self.size)"
            try folder.succeed("\(encode) -p rgba -o a.mkv a.raw")
            let expected = rounded.map { Light.samples(Light.inBT2020($0.map(curve)).map { Light.pq($0 * 203) }) }
            try expect("a.mkv", expected)
        }
        // Coded by the default of a codec: HEVC has 10 bits, H.264 refuses.
        let told = "--input-primaries bt709 --input-transfer srgb \(Self.toPQ) \(Self.size) -p rgba"
        let outcome = try folder.succeed("sluice --codec hevc \(told) -o a.mp4 a.raw")
        #expect(try folder.probe("pix_fmt", of: "a.mp4") == "yuv420p10le" && !outcome.errors.contains("warning"))
        try folder.fail("sluice --codec h264 \(told) -o x.mp4 a.raw", status: 69, saying: "8")
    }

    @Test("PQ becomes BT.709 by tone mapping, in order of brightness and without clipping, and is tagged so", .mustEnd)
    func toneMapping() throws {
        let grays = [0, 0.05, 0.2, 0.5, 1, 4].map { Array(repeating: $0, count: 3) }
        try write(floats: grays, planes: false)
        let told = "--input-primaries bt709 --input-transfer linear \(Self.toPQ) \(Self.size) -p rgbaf32"
        try folder.succeed("sluice \(Self.exact) \(told) -o hdr.mkv a.raw")
        try folder.succeed("sluice \(Self.exact) --tone-map sdr -o sdr.mkv hdr.mkv")
        let lumas = try samples("sdr.mkv").map { $0[0] }
        #expect(
            lumas == lumas.sorted() && Set(lumas).count == lumas.count && lumas[5] < 940 && lumas[4] > 700,
            "\(lumas)"
        )
        #expect(try samples("sdr.mkv").allSatisfy { abs($0[1] - 512) <= 1 && abs($0[2] - 512) <= 1 })
        // Below the knee, at 0.3 of white, light stays what it is.
        let dark = 64 + 876 * pow(0.2, 1 / 2.4)
        #expect(abs(Double(lumas[2]) - dark) <= 2)
        #expect(try folder.probe("color_transfer", of: "sdr.mkv") == "bt709")
        #expect(try folder.probe("color_primaries", of: "sdr.mkv") == "bt709")
        let parallel = "sluice \(Self.exact) --tone-map sdr --segment-frames 1"
        try folder.succeed("\(parallel) --parallel 2 -o a.webm hdr.mkv && \(parallel) --parallel 1 -o b.webm hdr.mkv")
        try folder.succeed("cmp a.webm b.webm")
        // Nothing is cut off silently, and a wrong tag can be put right.
        let cut = "sluice --overwrite \(Self.exact) --color-transfer bt709"
        try folder.fail("\(cut) -o x.mkv hdr.mkv", status: 64, saying: "--tone-map sdr", "--input-transfer bt709")
        try folder.succeed("\(cut) --input-transfer bt709 -o same.mkv hdr.mkv")
        #expect(try folder.probe("color_transfer", of: "same.mkv") == "bt709")
        #expect(try samples("same.mkv") == samples("hdr.mkv"))
        try folder.fail("\(cut) --tone-map sdr --color-transfer pq -o x.mkv hdr.mkv", status: 64, saying: "exclude")
        try folder.fail("\(cut) --tone-map sdr -o x.mkv same.mkv", status: 64, saying: "needs PQ or HLG")
    }

    @Test("The matrix and the range that YUV is told to have are converted to those of the output", .mustEnd)
    func matrix() throws {
        let source = "color=c=0xC04020:s=64x48:r=25,scale=out_color_matrix=bt601:out_range=pc,format=yuv444p"
        try folder.succeed("ffmpeg -v error -f lavfi -i \(source) -frames:v 2 -f rawvideo a.yuv")
        let told = "--input-matrix smpte170m --input-range full --color-matrix bt709 --color-range limited"
        let flags = "--codec h264 --crf 2 --chroma 444 -s 64x48 -r 25 -p i444"
        try folder.succeed("sluice \(flags) \(told) -o a.mp4 a.yuv")
        try folder.succeed("ffmpeg -v error -i a.mp4 -pix_fmt rgb24 -f rawvideo a.rgb")
        let pixel = try folder.bytes("a.rgb").prefix(3).map(Int.init)
        #expect(zip(pixel, [0xC0, 0x40, 0x20]).allSatisfy { abs($0 - $1) <= 2 }, "\(pixel)")
        let tags = try ["color_space", "color_range", "color_primaries"].map { try folder.probe($0, of: "a.mp4") }
        #expect(tags == ["bt709", "tv", "unknown"])
    }

    @Test("What a conversion has to know is asked for; tags alone convert nothing", .mustEnd)
    func unknown() throws {
        try write(bytes: Self.patches)
        let encode = "sluice --overwrite --codec hevc \(Self.size) -p rgba -o a.mp4 a.raw"
        try folder.fail("\(encode) --input-transfer linear \(Self.toPQ)", status: 64, saying: "--input-primaries")
        try folder.fail(
            "\(encode) --input-primaries bt709 --color-primaries bt2020",
            status: 64,
            saying: "--input-transfer"
        )
        try folder.fail("\(encode) --tone-map sdr", status: 64, saying: "needs PQ or HLG")
        try folder.fail("\(encode) --reference-white 0", status: 64, saying: "--reference-white")
        let outcome = try folder.succeed("LD_DEBUG=libs \(encode) --color-primaries bt2020 --color-transfer bt709")
        #expect(!outcome.errors.contains("libavfilter"))
        let plan = "sluice plan a.raw \(Self.size) -p rgba --codec av1 --format mkv -o p.json"
        try folder.fail("\(plan) --input-transfer srgb", status: 64, saying: "--input-transfer")
    }
}
