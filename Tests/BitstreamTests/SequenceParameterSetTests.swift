import Bitstream
import Testing
import VideoTypes

@Suite("Sequence parameter sets")
struct SequenceParameterSetTests {
    static let recipes: [TestStream.Recipe] = [
        .init("--profile baseline --preset ultrafast"),
        .init("--profile main --bframes 3 --b-pyramid normal --colorprim bt709 --transfer bt709 --colormatrix bt709"),
        .init("--profile high --range pc --chromaloc 1 --sar 40:33 --overscan show", size: "210x122"),
        .init("--vbv-maxrate 500 --vbv-bufsize 500 --bitrate 500 --nal-hrd vbr --pic-struct --sar 1001:1000"),
        .init("--bitrate 500 --vbv-maxrate 500 --vbv-bufsize 300 --nal-hrd cbr --force-cfr"),
        .init("--tff --videoformat pal --crop-rect 2,4,6,8", size: "208x128"),
        .init("--profile high422 --cqm jvt", pixelFormat: "yuv422p", size: "202x122"),
        .init("--profile high444 --cqm jvt", pixelFormat: "yuv444p", size: "201x121"),
        .init("--profile high10 --output-depth 10", pixelFormat: "yuv420p10"),
        .init("--profile high444 --qp 0"),
        .init("--level 1b --profile baseline --bframes 0", size: "176x96"),
        .init("--level 1b --profile high", size: "176x96"),
        .init("--sps-id 3 --ref 16 --keyint 1000 --bframes 16 --stitchable"),
        .init("--profile high", pixelFormat: "gray"),
    ]

    @Test("Sequence parameter sets have the fields that FFmpeg's own parser finds", arguments: recipes)
    func fields(recipe: TestStream.Recipe) throws {
        let stream = try TestStream(recipe)
        let sps = try SequenceParameterSet(parsing: stream.first(.sequenceParameterSet))
        let trace = try #require(try stream.trace(types: [7]).first)
        let flags = (0...5).reduce(0) { $0 | (trace["constraint_set\($1)_flag"] ?? 0) << (7 - $1) }
        #expect(Int(sps.constraints) == flags)
        for (field, value) in values(of: sps) {
            #expect(value == trace[field], "\(field)")
        }
    }

    /// The syntax elements as the stream has them; `nil` for those that are not present.
    private func values(of sps: SequenceParameterSet) -> [String: Int?] {
        let isHigh = AVCSampleFormat.isCoded(inProfile: sps.profileIdc)
        let lsb: Int? = if case .leastSignificantBits(let count) = sps.pictureOrderCount { count - 4 } else { nil }
        return [
            "profile_idc": Int(sps.profileIdc), "level_idc": Int(sps.levelIdc), "seq_parameter_set_id": sps.id,
            "chroma_format_idc": isHigh ? sps.chromaFormatIdc : nil,
            "bit_depth_luma_minus8": isHigh ? sps.bitDepthLuma - 8 : nil,
            "bit_depth_chroma_minus8": isHigh ? sps.bitDepthChroma - 8 : nil,
            "qpprime_y_zero_transform_bypass_flag": isHigh ? number(sps.sampleFormat.transformBypass) : nil,
            "seq_scaling_matrix_present_flag": isHigh ? number(sps.sampleFormat.hasScalingMatrix) : nil,
            "log2_max_frame_num_minus4": sps.log2MaxFrameNum - 4,
            "pic_order_cnt_type": sps.pictureOrderCount.type, "log2_max_pic_order_cnt_lsb_minus4": lsb,
            "max_num_ref_frames": sps.maxNumRefFrames,
            "gaps_in_frame_num_allowed_flag": number(sps.gapsInFrameNumAllowed),
            "pic_width_in_mbs_minus1": sps.widthInMacroblocks - 1,
            "pic_height_in_map_units_minus1": sps.geometry.heightInMapUnits - 1,
            "frame_mbs_only_flag": number(sps.frameMbsOnly), "vui_parameters_present_flag": number(sps.vui != nil),
        ].merging(sps.vui.map(values) ?? [:]) { $1 }
    }

    private func values(of vui: VideoUsabilityInformation) -> [String: Int?] {
        let hasColor = vui.colorSpace.primaries != .unspecified
        let delivery = vui.nalHRD?.deliveries.first
        return [
            "overscan_appropriate_flag": vui.overscanAppropriate.map(number),
            "colour_primaries": hasColor ? Int(vui.colorSpace.primaries.rawValue) : nil,
            "transfer_characteristics": hasColor ? Int(vui.colorSpace.transfer.rawValue) : nil,
            "matrix_coefficients": hasColor ? Int(vui.colorSpace.matrix.rawValue) : nil,
            "chroma_sample_loc_type_top_field": vui.chromaLocation.map { Int($0.rawValue) },
            "num_units_in_tick": vui.timing?.numUnitsInTick, "time_scale": vui.timing?.timeScale,
            "fixed_frame_rate_flag": vui.timing.map { number($0.fixedFrameRate) },
            "nal_hrd_parameters_present_flag": number(vui.nalHRD != nil),
            "vcl_hrd_parameters_present_flag": number(vui.vclHRD != nil),
            "cbr_flag[0]": delivery.map { number($0.constant) },
            "pic_struct_present_flag": number(vui.picStructPresent),
            "max_num_reorder_frames": vui.restriction?.maxNumReorderFrames,
            "max_dec_frame_buffering": vui.restriction?.maxDecFrameBuffering,
        ]
    }

    private func number(_ flag: Bool) -> Int { flag ? 1 : 0 }

    @Test(
        "Sequence parameter sets have the size, sample shape and chroma location that ffprobe sees",
        arguments: recipes
    )
    func probe(recipe: TestStream.Recipe) throws {
        let stream = try TestStream(recipe)
        let sps = try SequenceParameterSet(parsing: stream.first(.sequenceParameterSet))
        #expect(try stream.probe("width") == "\(sps.croppedSize.width)")
        #expect(try stream.probe("height") == "\(sps.croppedSize.height)")
        let ratio = sps.pixelAspectRatio
        #expect(try stream.probe("sample_aspect_ratio") == "\(ratio.width):\(ratio.height)")
        if let location = sps.vui?.chromaLocation {
            #expect(try stream.probe("chroma_location") == ["left", "center"][Int(location.rawValue)])
        }
        let isFullRange = try stream.probe("color_range") == "pc"
        #expect(isFullRange == sps.colorSpace.fullRange)
        #expect(sps.vui?.timing?.frameRate == FrameRate(25))
    }

    @Test("Sequence parameter sets have the decoder model's rate and size in bits")
    func decoderModel() throws {
        let stream = try TestStream(.init("--bitrate 500 --vbv-maxrate 600 --vbv-bufsize 700 --nal-hrd vbr"))
        let sps = try SequenceParameterSet(parsing: stream.first(.sequenceParameterSet))
        let delivery = try #require(sps.vui?.nalHRD?.deliveries.first)
        // x264 rounds both to values that the scales can store.
        #expect(abs(delivery.bitrate - 600_000) < 64 && abs(delivery.cpbSize - 700_000) < 64)
    }

    @Test("Sequence parameter sets have their codec string")
    func codecString() throws {
        let stream = try TestStream(.init("--profile baseline --level 3.1 --preset ultrafast"))
        let sps = try SequenceParameterSet(parsing: stream.first(.sequenceParameterSet))
        #expect(sps.codecString.description == "avc1.42C01F")
    }

    @Test(
        "Sequence parameter sets with scaling lists are read to their end, as FFmpeg reads them",
        arguments: ["yuv420p", "yuv444p"]
    )
    func scalingLists(pixelFormat: String) throws {
        let stream = try TestStream(.init("--profile high444 --ref 2", pixelFormat: pixelFormat))
        let original = try SequenceParameterSet(parsing: stream.first(.sequenceParameterSet))
        let nalUnit = withScalingLists(original)
        let parameterSets = try [nalUnit, stream.first(.pictureParameterSet), stream.first(.idrSlice)]
        try stream.folder.write(parameterSets.flatMap { [0, 0, 0, 1] + $0 }, to: "b.h264")
        let trace = try #require(try stream.trace(of: "b.h264", types: [7]).first)
        let sps = try SequenceParameterSet(parsing: nalUnit)
        #expect(sps.sampleFormat.hasScalingMatrix)
        #expect(trace["rbsp_stop_one_bit"] == 1)
        for (field, value) in values(of: sps) { #expect(value == trace[field], "\(field)") }
        #expect(sps.geometry == original.geometry)
    }

    /// The same sequence parameter set with every second scaling list, the last of which ends early, and no VUI.
    private func withScalingLists(_ sps: SequenceParameterSet) -> [UInt8] {
        var writer = BitWriter()
        for byte in [0x67, sps.profileIdc, 0, sps.levelIdc] { writer.bits(UInt32(byte), count: 8) }
        for value in [sps.id, sps.chromaFormatIdc] { writer.ue(UInt32(value)) }
        if sps.chromaFormatIdc == 3 { writer.flag(false) }
        writer.bits(0b1101, count: 4)  // both bit depths, no bypass, a matrix
        for index in 0..<(sps.chromaFormatIdc == 3 ? 12 : 8) {
            writer.flag(index % 2 == 1)
            guard index % 2 == 1 else { continue }
            for _ in 0..<(index < 6 ? 15 : 62) { writer.se(1) }
            writer.se(index < 7 ? 2 : -8 - 62)
        }
        return finish(&writer, sps)
    }

    private func finish(_ writer: inout BitWriter, _ sps: SequenceParameterSet) -> [UInt8] {
        guard case .leastSignificantBits(let count) = sps.pictureOrderCount else { return [] }
        for value in [sps.log2MaxFrameNum - 4, 0, count - 4, sps.maxNumRefFrames] { writer.ue(UInt32(value)) }
        writer.flag(false)
        for value in [sps.widthInMacroblocks, sps.heightInMacroblocks] { writer.ue(UInt32(value - 1)) }
        writer.bits(0b111, count: 3)  // frame_mbs_only_flag, direct_8x8_inference_flag, frame_cropping_flag
        let crop = sps.geometry.crop
        let unit = sps.chromaFormatIdc == 3 ? 1 : 2
        for value in [crop.left, crop.right, crop.top, crop.bottom] { writer.ue(UInt32(value / unit)) }
        writer.flag(false)
        writer.trailingBits()
        return EmulationPrevention.escape(writer.bytes)
    }
}
