import Bitstream
import Testing
import VideoTypes

@Suite("Readers of streams")
struct StreamReaderTests {
    private func config(
        _ codec: CodecSelection,
        isAnnexB: Bool = true,
        _ change: (inout EncoderConfig) -> Void = { _ in }
    ) throws -> ValidatedEncoderConfig {
        var config = EncoderConfig(codec: codec, width: 208, height: 120)
        (config.avcFormat, config.hevcFormat) = isAnnexB ? (.annexB, .annexB) : (.avc, .hevc)
        change(&config)
        return try ValidatedEncoderConfig(config)
    }

    private func accessUnits(of bytes: [UInt8], isHEVC: Bool) throws -> [[UInt8]] {
        var splitter = AnnexBSplitter(isHEVC: isHEVC)
        splitter.append(bytes[...])
        var units: [[UInt8]] = []
        while let unit = try splitter.next() { units.append(unit.bytes) }
        while let unit = try splitter.end() { units.append(unit.bytes) }
        return units
    }

    /// Packets of an encoder as they go out, read again as the units of a stream.
    private func check(
        _ packets: [[UInt8]],
        _ codec: VideoCodec,
        _ encoder: some StreamReading
    ) throws -> [CodedPicture] {
        var (encoder, reader): (_, (any UnitReading)?) = (encoder, nil)
        let pictures = try packets.map { packet in
            let picture = try encoder.read(packet, isKey: false)
            var setup = UnitReaderSetup(codec)
            setup.description = encoder.decoderConfig?.description
            var own = try reader ?? setup.makeReader()
            let summary = try own.read(picture.data)
            #expect(summary.isKey == picture.isKey)
            #expect(own.decoderConfig == encoder.decoderConfig)
            reader = own
            return picture
        }
        #expect(pictures.contains { $0.isKey } && pictures.contains { !$0.isKey })
        return pictures
    }

    @Test("Readers of streams see in H.264 what its encoder's reader put there", arguments: [true, false])
    func avc(isAnnexB: Bool) throws {
        let stream = try TestStream(TestStream.Recipe("--qp 27 --keyint 8 --no-psy --aq-mode 0"))
        let packets = try accessUnits(of: stream.bytes, isHEVC: false)
        let pictures = try check(packets, .h264, AVCStreamReader(config(.lowest(.h264), isAnnexB: isAnnexB)))
        #expect(pictures.count == 16 && pictures.allSatisfy { $0.quantizer != nil })
        let key = try #require(pictures.last { $0.isKey })
        let types = try NALUnitFraming(lengthSize: isAnnexB ? nil : 4).split(key.data).map { unit in
            try NALUnitHeader(parsing: unit).type
        }
        #expect(types.contains(.sequenceParameterSet) == isAnnexB)
    }

    @Test("Readers of streams see in HEVC what its encoder's reader put there", arguments: [true, false])
    func hevc(isAnnexB: Bool) throws {
        let stream = try HEVCStream(HEVCStream.Recipe(x265: "keyint=8:open-gop=0:qp=30:bframes=2"))
        let packets = try accessUnits(of: stream.bytes, isHEVC: true)
        let reader = HEVCStreamReader(
            try config(.exact("hvc1.1.6.L120.B0"), isAnnexB: isAnnexB),
            rewritesParameterSets: true
        )
        let pictures = try check(packets, .hevc, reader)
        #expect(pictures.count == 16 && pictures.allSatisfy { $0.quantizer != nil })
        let first = try NALUnitFraming(lengthSize: isAnnexB ? nil : 4).split(pictures[0].data)
        let sequence = try first.first { try HEVCNALUnitHeader(parsing: $0).type == .sequenceParameterSet }
        #expect((sequence != nil) == isAnnexB)
        if let sequence { #expect(try HEVCSequenceParameterSet(parsing: sequence).codecString.levelIdc == 120) }
    }

    @Test(
        "Readers of streams see in AV1 the level that was promised, and the bytes are the encoder's but for that",
        arguments: ["libaom-av1 -cpu-used 8 -crf 30 -g 6", "libsvtav1 -preset 8 -crf 35 -g 6"]
    )
    func av1(encoder: String) throws {
        let packets = try AV1Stream(encoder).units.map(\.bytes)
        let kept = try check(packets, .av1, AV1StreamReader(config(.lowest(.av1))))
        #expect(kept.map(\.data) == packets)
        let promised = try check(packets, .av1, AV1StreamReader(config(.exact("av01.0.13M.08"))))
        let header = try #require(AV1TemporalUnit(parsing: promised[0].data).sequenceHeader)
        #expect(try AV1SequenceHeader(parsing: header.payload).operatingPoints[0].level == 13)
        for (own, packet) in zip(promised, packets) where !own.isKey { #expect(own.data == packet) }
        #expect(promised.allSatisfy { $0.quantizerIndex != nil })
    }

    @Test("Readers of streams see in VP8 and VP9 the last frame of a chunk, which is shown")
    func vpx() throws {
        let vp8 = try VPXStreams.frames("--codec=vp8 --min-q=20 --max-q=20 --end-usage=cbr --lag-in-frames=0 --rt")
        let frames = try check(vp8, .vp8, VPXStreamReader(config(.lowest(.vp8))))
        #expect(frames.map(\.data) == vp8 && Set(frames.map(\.quantizer)) == [20])
        let arguments = "--codec=vp9 --passes=2 --auto-alt-ref=1 --lag-in-frames=16 --cpu-used=4"
        let vp9 = try VPXStreams.frames(arguments, count: 40)
        _ = try check(vp9, .vp9, VPXStreamReader(config(.lowest(.vp9))))
        let units = try vp9.map { try VPXUnit(parsing: $0, .vp9) }
        #expect(units.allSatisfy { $0.isShown && $0.showsLastOnly })
        for (unit, chunk) in zip(units, vp9) {
            let last = try #require(try VP9Superframe.split(chunk).last)
            let header = try VP9FrameHeader(parsing: last)
            #expect(unit.quantizerIndex == (header.existingFrame == nil ? header.quantizerIndex : nil))
        }
        let sequence = try #require(units[0].sequence)
        #expect(sequence.codecString(framerate: FrameRate(25)) == "vp09.00.10.08")
        let promised = VP9CodecString(profile: 1, level: 41, bitDepth: 10)
        #expect(sequence.codecString(promised, framerate: nil) == "vp09.00.41.08")
    }

    @Test("Readers of streams take from the configuration what no bitstream stores")
    func configured() throws {
        let frames = try VPXStreams.frames("--codec=vp8 --rt", count: 1)
        let ratio = try #require(PixelAspectRatio(width: 4, height: 3))
        var reader = VPXStreamReader(
            try config(.lowest(.vp8)) {
                $0.pixelAspectRatio = ratio
                $0.orientation = Orientation(rotation: .right)
            }
        )
        _ = try reader.read(frames[0], isKey: true)
        let decoder = try #require(reader.decoderConfig)
        #expect(decoder.pixelAspectRatio == ratio)
        #expect(decoder.orientation == Orientation(rotation: .right))
        #expect((decoder.codedWidth, decoder.codedHeight) == (72, 40))
    }

    @Test("Readers of streams find the NAL units again that a framing puts together", arguments: [nil, 1, 2, 4])
    func framing(lengthSize: Int?) throws {
        let framing = NALUnitFraming(lengthSize: lengthSize)
        let units: [[UInt8]] = [[0x67, 1, 2], [0x68], Array(repeating: 0x65, count: 200)]
        let joined = framing.joined(units.map { $0[...] })
        #expect(try framing.split(joined).map(Array.init) == units)
        #expect(joined.count == 204 + 3 * (lengthSize ?? 4))
    }
}
