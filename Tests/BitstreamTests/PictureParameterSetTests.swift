import Bitstream
import Testing

@Suite("Picture parameter sets")
struct PictureParameterSetTests {
    @Test(
        "Picture parameter sets have the fields that FFmpeg's own parser finds",
        arguments: [
            .init("--profile baseline --preset ultrafast"), .init("--preset slower --ref 7 --chroma-qp-offset -3"),
            .init("--cqm jvt --weightp 2 --constrained-intra"), .init("--no-8x8dct --no-deblock --tff"),
            .init("--cqm4 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16", pixelFormat: "yuv444p"),
            .init("--output-depth 10 --qp 1 --no-cabac", pixelFormat: "yuv420p10"),
        ] as [TestStream.Recipe]
    )
    func fields(recipe: TestStream.Recipe) throws {
        let stream = try TestStream(recipe)
        let sps = try SequenceParameterSet(parsing: stream.first(.sequenceParameterSet))
        let pps = try PictureParameterSet(parsing: stream.first(.pictureParameterSet), sps: sps)
        let trace = try #require(try stream.trace(types: [8]).first)
        let fields: [String: Int] = [
            "pic_parameter_set_id": pps.id, "seq_parameter_set_id": pps.sequenceParameterSetID,
            "entropy_coding_mode_flag": pps.usesCABAC ? 1 : 0,
            "bottom_field_pic_order_in_frame_present_flag": pps.bottomFieldPicOrderPresent ? 1 : 0,
            "num_slice_groups_minus1": pps.sliceGroupCount - 1,
            "num_ref_idx_l0_default_active_minus1": pps.defaultRefCountL0 - 1,
            "num_ref_idx_l1_default_active_minus1": pps.defaultRefCountL1 - 1,
            "weighted_pred_flag": pps.weightedPrediction ? 1 : 0, "weighted_bipred_idc": pps.weightedBipredIdc,
            "pic_init_qp_minus26": pps.initialQuantizer - 26, "chroma_qp_index_offset": pps.chromaQpIndexOffset,
            "deblocking_filter_control_present_flag": pps.deblockingFilterControlPresent ? 1 : 0,
            "constrained_intra_pred_flag": pps.constrainedIntraPrediction ? 1 : 0,
            "redundant_pic_cnt_present_flag": pps.redundantPicCntPresent ? 1 : 0,
        ]
        for (field, value) in fields { #expect(value == trace[field], "\(field)") }
        #expect(pps.transform8x8 == (trace["transform_8x8_mode_flag"] == 1))
        #expect(pps.hasScalingMatrix == (trace["pic_scaling_matrix_present_flag"] == 1))
        let second = trace["second_chroma_qp_index_offset"] ?? trace["chroma_qp_index_offset"]
        #expect(pps.secondChromaQpIndexOffset == second)
    }

    @Test("Picture parameter sets with slice groups are read to their end", arguments: [0, 1, 2, 3, 6])
    func sliceGroups(mapType: UInt32) throws {
        let stream = try TestStream(.init("--preset ultrafast", size: "32x32"))
        let sps = try SequenceParameterSet(parsing: stream.first(.sequenceParameterSet))
        var writer = BitWriter()
        writer.bits(0x68, count: 8)
        for value in [4, UInt32(sps.id)] { writer.ue(value) }
        writer.bits(0, count: 2)
        for value in [2, mapType] { writer.ue(value) }
        switch mapType {
        case 0: for _ in 0..<3 { writer.ue(0) }
        case 2: for _ in 0..<4 { writer.ue(1) }
        case 3:
            writer.flag(true)
            writer.ue(0)
        case 6:
            writer.ue(3)
            for _ in 0..<4 { writer.bits(2, count: 2) }
        default: break
        }
        for value in [4, 5] as [UInt32] { writer.ue(value) }
        writer.bits(0, count: 3)
        for value in [7, 0, -5] as [Int32] { writer.se(value) }
        writer.bits(0b001, count: 3)
        writer.trailingBits()
        let pps = try PictureParameterSet(parsing: EmulationPrevention.escape(writer.bytes), sps: sps)
        #expect((pps.id, pps.sliceGroupCount, pps.defaultRefCountL1) == (4, 3, 6))
        #expect((pps.initialQuantizer, pps.chromaQpIndexOffset, pps.redundantPicCntPresent) == (33, -5, true))
    }
}
