import Bitstream
import Foundation
import LibAV
import TestSupport
import Testing
import VideoTypes

@Suite("Temporal layers")
struct TemporalLayerTests {
    @Test("Temporal layers of HEVC are in the stream, and the base layer decodes to the same pictures")
    func hevc() throws {
        let stream = TestStream(
            "",
            .hevc,
            .i420,
            "l.hevc",
            "libx265 -x265-params log-level=0:temporal-layers=1:bframes=3:b-adapt=0"
        )
        let chunks = try stream.chunks()
        var filter = try TemporalLayerFilter(codec: .hevc, mode: nil, maxTemporalLayer: 0)
        let kept = try chunks.filter { try filter.keeps($0.data) }
        #expect(kept.count > 1 && kept.count < chunks.count)
        let (all, base) = (try decode(LibAVDecoder(codec: .hevc), chunks), try decode(LibAVDecoder(codec: .hevc), kept))
        let size = stream.size.width * stream.size.height * 3 / 2
        for (index, timestamp) in base.timestamps.enumerated() {
            let place = try #require(all.timestamps.firstIndex(of: timestamp))
            #expect(all.bytes[place * size..<(place + 1) * size] == base.bytes[index * size..<(index + 1) * size])
        }
    }

    @Test("Temporal layers follow the pattern from each key frame on", arguments: ["b.h264", "c.ivf", "v.ivf"])
    func pattern(file: String) throws {
        let stream =
            file == "v.ivf"
            ? TestStream("", .vp8, .i420, file, "libvpx -auto-alt-ref 0 -cpu-used 8 -g 6")
            : TestStream(
                "",
                TestStream.named(file).codec,
                .i420,
                "g6" + file,
                file == "c.ivf" ? "libvpx-vp9 -auto-alt-ref 0 -cpu-used 8 -g 6" : "libx264 -bf 0 -g 6"
            )
        let units = try stream.units()
        for (mode, expected) in [
            (ScalabilityMode.l1t1, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            (.l1t2, [0, 1, 0, 1, 0, 1, 0, 1, 0, 1]),
            (.l1t3, [0, 2, 1, 2, 0, 2, 0, 2, 1, 2]),
        ] {
            var layers = try TemporalLayers(codec: stream.codec, mode: mode)
            #expect(try units.map { try layers.layer(of: $0.bytes) } == expected)
        }
    }

    @Test("Temporal layers of AV1 are in the OBU extensions")
    func av1() throws {
        let delimiter: [UInt8] = [0x12, 0]
        func unit(_ temporalID: UInt8) -> [UInt8] { delimiter + [0x36, temporalID << 5, 3, 1, 2, 3] }
        var layers = try TemporalLayers(codec: .av1, mode: nil)
        #expect(try layers.layer(of: delimiter + [0x32, 1, 7]) == 0)
        #expect(try layers.layer(of: unit(2)) == 2)
        #expect(try layers.layer(of: unit(1)) == 1)
        #expect(try layers.layer(of: delimiter + [0x0A, 1, 7]) == nil)
        var filter = try TemporalLayerFilter(codec: .av1, mode: nil, maxTemporalLayer: 1)
        #expect(try [0, 1, 2, 1].map { try filter.keeps(unit($0)) } == [true, true, false, true])
        for unit in try TestStream.named("a.obu").units() { #expect(try layers.layer(of: unit.bytes) == 0) }
    }

    @Test(
        "Temporal layers must be specified for codecs that do not store them",
        arguments: [VideoCodec.h264, .vp8, .vp9]
    )
    func unknown(codec: VideoCodec) throws {
        let error = #expect(throws: BitstreamError.self) {
            _ = try TemporalLayerFilter(codec: codec, mode: nil, maxTemporalLayer: 0)
        }
        #expect(error?.reason == .unsupported)
        let mode = try #require(ScalabilityMode("L2T2"))
        #expect(throws: BitstreamError.self) {
            _ = try TemporalLayerFilter(codec: codec, mode: mode, maxTemporalLayer: 0)
        }
    }

    @Test(
        "Temporal layers of a stream that does not begin with a key frame are unknown",
        arguments: ["b.h264", "a.ivf", "c.ivf"]
    )
    func noKeyFrame(file: String) throws {
        let stream = TestStream.named(file)
        var layers = try TemporalLayers(codec: stream.codec, mode: .l1t2)
        let second = try stream.units()[1].bytes
        #expect(throws: BitstreamError.self) { _ = try layers.layer(of: second) }
    }

    @Test("Temporal layers of random bytes are a layer, none, or an error", arguments: VideoCodec.allCases)
    func robustness(codec: VideoCodec) throws {
        var generator = SeededGenerator(for: "layers of random \(codec)")
        for lengthSize in [nil, 1, 4] {
            var layers = try TemporalLayers(codec: codec, mode: .l1t3, lengthSize: lengthSize)
            for count in 0..<300 {
                let bytes = (0..<count % 40).map { _ in UInt8.random(in: 0...255, using: &generator) & 0x37 }
                let layer = try? layers.layer(of: bytes)
                #expect((0...7).contains(layer ?? 0))
            }
        }
    }
}
