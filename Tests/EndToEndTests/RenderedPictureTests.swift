import Foundation
import TestSupport
import Testing

/// What a renderer writes, picture by picture, against equations in double precision.
@Suite("Pictures of a renderer")
struct RenderedPictureTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let patches: [[Double]] = [
        [0, 0, 0], [1, 1, 1], [0.5, 0.25, 0.125], [0.0625, 0.25, 1], [1, 0, 0], [0.25, 0.25, 0.25],
    ]
    private static let hdr10 = "--codec hevc --color-primaries bt2020 --color-transfer pq"
    /// Without any loss of coding.
    private static let exact =
        "--codec vp9 --crf 0 --bit-depth 10 --chroma 444 --color-primaries bt2020 --color-transfer pq"
    private static let metadata =
        "--mastering-display 'G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1)' --max-cll 1000,400"

    /// The patches of a frame: they move on by one in each, so that no frame can be mistaken for the next.
    private static func patches(ofFrame frame: Int) -> [[Double]] {
        patches.indices.map { patches[($0 + frame) % patches.count] }
    }

    private func makePNG(_ count: Int) throws {
        let frames = (0..<count).flatMap { frame in
            let row = Self.patches(ofFrame: frame).flatMap { patch in
                (0..<16).flatMap { _ in patch.map { UInt8(($0 * 255).rounded()) } }
            }
            return (0..<16).flatMap { _ in row }
        }
        try folder.write(frames, to: "in.rgb")
        let raw = "-f rawvideo -s 96x16 -pix_fmt rgb24 -r 24 -i in.rgb"
        try folder.succeed("mkdir png && ffmpeg -v error \(raw) -start_number 1 png/frame_%04d.png")
    }

    private func makeEXR(_ count: Int, brightness: Double = 1, primaries: Primaries? = nil) throws {
        try folder.succeed("mkdir -p exr")
        for frame in 0..<count {
            let row = Self.patches(ofFrame: frame).flatMap { patch in
                Array(repeating: patch.map { $0 * brightness }, count: 16)
            }
            let bytes = OpenEXRFile.bytes(Array(repeating: row, count: 16), primaries: primaries)
            try folder.write(bytes, to: String(format: "exr/beauty.%04d.exr", frame + 1))
        }
    }

    /// Throws unless each patch of each frame has the samples of 10 bits that a function makes of it.
    private func expect(_ name: String, frames: Int, _ reference: ([Double]) -> [Double]) throws {
        try folder.succeed("ffmpeg -v error -y -i \(name) -pix_fmt yuv444p10le -f rawvideo out.yuv")
        let bytes = try folder.bytes("out.yuv")
        let (width, plane) = (16 * Self.patches.count, 16 * 16 * Self.patches.count)
        try #require(bytes.count == frames * 3 * plane * 2)
        var wrong: [String] = []
        for frame in 0..<frames {
            for (number, patch) in Self.patches(ofFrame: frame).enumerated() {
                let exact = reference(patch)
                let own = (0..<3).map { channel in
                    let place = 2 * ((frame * 3 + channel) * plane + 8 * width + 16 * number + 8)
                    return Double(Int(bytes[place]) | Int(bytes[place + 1]) << 8)
                }
                let isNear = zip(own, exact).allSatisfy { abs($0 - $1) <= 1 }
                if !isNear { wrong.append("frame \(frame), patch \(number): \(own), not \(exact)") }
            }
        }
        #expect(wrong.isEmpty, "\(wrong.prefix(6))")
    }

    private struct Receipt: Decodable {
        struct Color: Decodable { let primaries: String?, transfer: String?, matrix: String? }
        struct Filtering: Decodable { let graph: String, inputColor: Color?, outputColor: Color? }
        let filtering: Filtering?
    }

    private func filtering(_ name: String) throws -> Receipt.Filtering? {
        try JSONDecoder().decode(Receipt.self, from: Data(try folder.bytes(name))).filtering
    }

    /// Values of the stream; ffprobe adds commas for its metadata.
    private func values(_ name: String, _ fields: String) throws -> String {
        try folder.probe(name, fields).trimmingCharacters(in: [",", "\n"])
    }

    private func tags(_ name: String) throws -> String {
        try values(name, "pix_fmt,color_space,color_transfer,color_primaries")
    }

    private func hdrMetadata(_ name: String) throws -> String {
        let entries = "-show_entries side_data_list -read_intervals %+#1 -show_frames"
        return try folder.succeed("ffprobe -v error \(entries) \(name)").text
    }

    @Test(
        "A folder of 240 PNG becomes H.264 in one command, within 1 of 1023 of a double-precision reference",
        .mustEnd
    )
    func png() throws {
        try makePNG(240)
        try folder.succeed("sluice 'png/frame_%04d.png' -r 24 --crf 2 --bit-depth 10 --receipt r.json -o out.mp4")
        #expect(try values("out.mp4", "nb_frames") == "240")
        #expect(try folder.probe("out.mp4", "codec_name,r_frame_rate") == "h264,24/1")
        #expect(try tags("out.mp4") == "yuv420p10le,bt709,bt709,bt709")
        try expect("out.mp4", frames: 240) { Light.samplesOfBT709($0.map { ($0 * 255).rounded() / 255 }) }
        #expect(try filtering("r.json") == nil)
    }

    @Test(
        "A folder of 240 PNG becomes HDR10 in one command, within 1 of 1023 of a double-precision reference",
        .mustEnd
    )
    func pngToHDR() throws {
        try makePNG(240)
        let told = "--input-primaries bt709 --input-transfer srgb"
        try folder.succeed(
            "sluice 'png/*.png' -r 24 \(told) \(Self.hdr10) \(Self.metadata) --crf 0 --receipt r.json -o out.mp4",
            timeLimit: 120
        )
        #expect(try values("out.mp4", "nb_frames") == "240")
        #expect(try tags("out.mp4") == "yuv420p10le,bt2020nc,smpte2084,bt2020")
        try expect("out.mp4", frames: 240) { patch in
            let light = Light.inBT2020(patch.map { Light.ofSRGB(($0 * 255).rounded() / 255) })
            return Light.samples(light.map { Light.pq($0 * 203) })
        }
        let metadata = try hdrMetadata("out.mp4")
        #expect(metadata.contains("max_content=1000") && metadata.contains("max_average=400"))
        #expect(metadata.contains("max_luminance=10000000/10000") && metadata.contains("red_x=34000/50000"))
        let filtering = try #require(try filtering("r.json"))
        #expect(filtering.graph.contains("zscale=") && filtering.graph.contains("npl=203"))
        #expect(filtering.inputColor?.transfer == "iec61966-2-1" && filtering.outputColor?.transfer == "pq")
    }

    @Test("A folder of 48 EXR becomes H.264 in one command, within 1 of 1023 of a double-precision reference", .mustEnd)
    func exr() throws {
        try makeEXR(48)
        try folder.succeed(
            "sluice 'exr/*.exr' -r 24 --color-transfer bt709 --crf 2 --bit-depth 10 --receipt r.json -o out.mp4"
        )
        #expect(try values("out.mp4", "nb_frames") == "48")
        #expect(try tags("out.mp4") == "yuv420p10le,bt709,bt709,bt709")
        // BT.709 as screens show it (BT.1886).
        try expect("out.mp4", frames: 48) { Light.samplesOfBT709($0.map { pow($0, 1 / 2.4) }) }
        let filtering = try #require(try filtering("r.json"))
        #expect(filtering.inputColor?.transfer == "linear" && filtering.outputColor?.transfer == "bt709")
        #expect(filtering.inputColor?.primaries == "bt709" && filtering.outputColor?.primaries == "bt709")
    }

    @Test("A folder of 48 EXR becomes HDR10 in one command, within 1 of 1023 of a double-precision reference", .mustEnd)
    func exrToHDR() throws {
        try makeEXR(48, brightness: 4)
        try folder.succeed(
            "sluice 'exr/beauty.%04d.exr' -r 24 \(Self.hdr10) \(Self.metadata) --crf 0 --receipt r.json -o out.mp4"
        )
        #expect(try values("out.mp4", "nb_frames") == "48")
        #expect(try tags("out.mp4") == "yuv420p10le,bt2020nc,smpte2084,bt2020")
        try expect("out.mp4", frames: 48) { patch in
            Light.samples(Light.inBT2020(patch.map { 4 * $0 }).map { Light.pq($0 * 203) })
        }
        #expect(try hdrMetadata("out.mp4").contains("max_content=1000"))
        let filtering = try #require(try filtering("r.json"))
        #expect(filtering.graph.contains("zscale=") && filtering.graph.contains("p=9:t=16"))
        #expect(filtering.inputColor?.transfer == "linear" && filtering.inputColor?.primaries == "bt709")
        #expect(filtering.outputColor?.primaries == "bt2020" && filtering.outputColor?.matrix == "bt2020-ncl")
    }

    @Test(
        "The primaries of EXR are those of its chromaticities, and BT.709 without them",
        .mustEnd,
        arguments: [(nil, Primaries.bt709), (.bt709, .bt709), (.bt2020, .bt2020), (.displayP3, .displayP3)]
            as [(Primaries?, Primaries)]
    )
    func chromaticities(attribute: Primaries?, primaries: Primaries) throws {
        try makeEXR(6, brightness: 4, primaries: attribute)
        try folder.succeed("sluice 'exr/*.exr' -r 24 \(Self.exact) -o out.mp4")
        try expect("out.mp4", frames: 6) { patch in
            let light = primaries.convert(patch.map { 4 * $0 }, to: .bt2020)
            return Light.samples(light.map { Light.pq($0 * 203) })
        }
    }

    @Test(
        "Primaries that a job tells replace those of EXR, and are asked for where its chromaticities have no name",
        .mustEnd
    )
    func otherPrimaries() throws {
        try makeEXR(6, primaries: .ap1)
        let encode = "sluice 'exr/*.exr' -r 24 \(Self.exact)"
        try folder.fail("\(encode) -o x.mp4", status: 64, saying: "--input-primaries", "0.713 0.293", "exr/*.exr")
        #expect(!folder.exists("x.mp4"))
        try folder.succeed("\(encode) --input-primaries bt2020 -o out.mp4")
        try expect("out.mp4", frames: 6) { Light.samples($0.map { Light.pq($0 * 203) }) }
        // Pictures of two kinds are not one sequence.
        let row = Array(repeating: [0.5, 0.5, 0.5], count: 96)
        let bytes = OpenEXRFile.bytes(Array(repeating: row, count: 16), primaries: .bt709)
        try folder.write(bytes, to: "exr/beauty.0004.exr")
        try folder.fail("\(encode) -o x.mp4", status: 64, saying: "--input-primaries")
        try makeEXR(3, primaries: .displayP3)
        try folder.fail("sluice 'exr/*.exr' -r 24 --frames 4 -o x.mp4", status: 69, saying: "color primaries")
    }
}
