import Bitstream
import Testing

@Suite("Slice headers")
struct SliceHeaderTests {
    static let recipes: [TestStream.Recipe] = [
        .init("--preset ultrafast --qp 20"),
        .init("--preset veryfast --crf 30 --slices 3"),
        .init("--preset slow --qp 30 --weightp 2 --ref 8"),
        .init("--preset slower --crf 18 --bframes 8 --b-adapt 2 --b-pyramid normal --weightb"),
        .init("--preset medium --tff --crf 24 --ref 6"),
        .init("--preset medium --fake-interlaced --qp 22"),
        .init("--preset fast --bframes 0 --weightp 1 --no-cabac --keyint 5"),
        .init("--preset slow --weightp 2 --qp 40", pixelFormat: "yuv444p"),
        .init("--profile high444 --qp 0"),
        .init("--output-depth 10 --qp 3", pixelFormat: "yuv420p10"),
        .init("--open-gop --keyint 6 --bframes 4 --crf 35"),
        .init("--intra-refresh --crf 51"),
        .init("--weightp 2 --qp 25", pixelFormat: "gray"),
    ]

    @Test("Slice headers have the fields and the quantizer that FFmpeg's own parser finds", arguments: recipes)
    func fields(recipe: TestStream.Recipe) throws {
        let stream = try TestStream(recipe)
        let headers = try headers(of: stream)
        let initial = 26 + (try #require(try stream.trace(types: [8]).first?["pic_init_qp_minus26"]))
        let trace = try stream.trace(types: [1, 5])
        try #require(headers.count == trace.count)
        for (header, fields) in zip(headers, trace) {
            #expect(Int(header.refIdc) == fields["nal_ref_idc"])
            #expect(header.isIDR == (fields["nal_unit_type"] == 5))
            #expect(header.firstMacroblock == fields["first_mb_in_slice"])
            #expect(header.sliceType.rawValue == fields["slice_type"].map { $0 % 5 })
            #expect(header.ppsID == fields["pic_parameter_set_id"])
            #expect(header.frameNum == fields["frame_num"])
            #expect(header.idrPicID == fields["idr_pic_id"])
            #expect(header.picOrderCntLsb == fields["pic_order_cnt_lsb"])
            #expect(header.quantizer == initial + (fields["slice_qp_delta"] ?? .max / 2))
        }
    }

    @Test(
        "Slice headers have the quantizer that x264 was given",
        arguments: ["ultrafast", "medium", "slower"],
        [1, 26, 51]
    )
    func quantizer(preset: String, quantizer: Int) throws {
        let options = "--preset \(preset) --qp \(quantizer) --aq-mode 0 --ipratio 1 --pbratio 1"
        let quantizers = try headers(of: TestStream(.init(options))).map(\.quantizer)
        #expect(quantizers == Array(repeating: quantizer, count: 16))
    }

    @Test("Slice headers name their picture parameter set, and are read with no other")
    func parameterSet() throws {
        let stream = try TestStream(.init("--sps-id 2"))
        let sps = try SequenceParameterSet(parsing: stream.first(.sequenceParameterSet))
        let pps = try PictureParameterSet(parsing: stream.first(.pictureParameterSet), sps: sps)
        let slice = try stream.first(.idrSlice)
        #expect(try SliceHeader.pictureParameterSetID(of: slice[...]) == pps.id)
        let other = try TestStream(.init("--sps-id 0"))
        let otherSPS = try SequenceParameterSet(parsing: other.first(.sequenceParameterSet))
        let otherPPS = try PictureParameterSet(parsing: other.first(.pictureParameterSet), sps: otherSPS)
        #expect(throws: BitstreamError.self) { try SliceHeader(parsing: slice, sps: otherSPS, pps: otherPPS) }
    }

    @Test("Slice headers longer than the first piece are read completely")
    func longHeader() throws {
        let stream = try TestStream(.init("--preset ultrafast --no-cabac --ref 1 --bframes 0 --no-deblock"))
        let sps = try SequenceParameterSet(parsing: stream.first(.sequenceParameterSet))
        let pps = try PictureParameterSet(parsing: stream.first(.pictureParameterSet), sps: sps)
        var writer = BitWriter()
        writer.bits(0x41, count: 8)
        for value in [0, 0, UInt32(pps.id)] { writer.ue(value) }
        writer.bits(5, count: sps.log2MaxFrameNum)
        if case .leastSignificantBits(let count) = sps.pictureOrderCount { writer.bits(0, count: count) }
        writer.flag(false)  // num_ref_idx_active_override_flag
        writer.flag(true)  // ref_pic_list_modification_flag_l0
        for _ in 0..<60 {
            writer.ue(0)
            writer.ue(1_000_000)
        }
        writer.ue(3)
        writer.flag(false)  // adaptive_ref_pic_marking_mode_flag
        writer.se(Int32(33 - pps.initialQuantizer))
        writer.trailingBits()
        let slice = EmulationPrevention.escape(writer.bytes)
        #expect(slice.count > 128)
        #expect(try SliceHeader(parsing: slice, sps: sps, pps: pps).quantizer == 33)
    }

    private func headers(of stream: TestStream) throws -> [SliceHeader] {
        let sps = try SequenceParameterSet(parsing: stream.first(.sequenceParameterSet))
        let pps = try PictureParameterSet(parsing: stream.first(.pictureParameterSet), sps: sps)
        return try stream.nalUnits.filter { nalUnit in
            [.nonIDRSlice, .idrSlice].contains(try NALUnitHeader(parsing: nalUnit).type)
        }.map { try SliceHeader(parsing: $0, sps: sps, pps: pps) }
    }
}
