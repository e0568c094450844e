/// The parts of a slice's header, in their order (H.264 7.3.3 to 7.3.3.3).
struct SliceHeaderSyntax {
    /// Active references in lists 0 and 1.
    typealias References = (l0: Int, l1: Int)

    let header: NALUnitHeader
    var reader: BitReader

    init(_ nalUnit: ArraySlice<UInt8>, limit: Int) throws(BitstreamError) {
        header = try NALUnitHeader(parsing: nalUnit)
        guard [.nonIDRSlice, .dataPartitionA, .idrSlice].contains(header.type) else {
            let what = "nal_unit_type is \(header.type.rawValue)"
            throw BitstreamError(.invalid, what, at: .byte(0), expected: "1, 2 or 5, a slice")
        }
        reader = BitReader(EmulationPrevention.unescape(nalUnit, limit: limit))
        _ = try reader.bits(8, "nal_unit_header")
    }

    mutating func start() throws(BitstreamError) -> (
        firstMacroblock: Int, type: SliceHeader.SliceType, ppsID: Int
    ) {
        let firstMacroblock = try reader.ue("first_mb_in_slice")
        let type = SliceHeader.SliceType(rawValue: try reader.ue("slice_type", in: 0...9) % 5) ?? .i
        return (firstMacroblock, type, try reader.ue("pic_parameter_set_id", in: 0...255))
    }

    func check(ppsID: Int, is expected: Int) throws(BitstreamError) {
        guard ppsID == expected else {
            throw .outOfRange("pic_parameter_set_id", ppsID, in: expected...expected, at: reader.bitOffset)
        }
    }

    mutating func frame(
        _ sps: SequenceParameterSet
    ) throws(BitstreamError) -> (number: Int, isField: Bool, isBottom: Bool) {
        if sps.sampleFormat.separateColorPlanes { _ = try reader.bits(2, "colour_plane_id") }
        let number = try reader.bits(sps.log2MaxFrameNum, "frame_num")
        guard !sps.frameMbsOnly, try reader.flag("field_pic_flag") else { return (number, false, false) }
        return (number, true, try reader.flag("bottom_field_flag"))
    }

    mutating func pictureOrderCount(
        _ sps: SequenceParameterSet,
        _ pps: PictureParameterSet,
        isField: Bool
    ) throws(BitstreamError) -> (lsb: Int?, deltas: [Int]) {
        let hasBottom = pps.bottomFieldPicOrderPresent && !isField
        switch sps.pictureOrderCount {
        case .leastSignificantBits(let count):
            let lsb = try reader.bits(count, "pic_order_cnt_lsb")
            if hasBottom { _ = try reader.se("delta_pic_order_cnt_bottom") }
            return (lsb, [])
        case .cycle(let cycle) where !cycle.deltaAlwaysZero:
            var deltas = [try reader.se("delta_pic_order_cnt[0]")]
            if hasBottom { deltas.append(try reader.se("delta_pic_order_cnt[1]")) }
            return (nil, deltas)
        case .cycle, .decodingOrder:
            return (nil, [])
        }
    }

    /// The number of references and the modifications of their lists (7.3.3.1).
    mutating func references(
        _ type: SliceHeader.SliceType,
        _ pps: PictureParameterSet
    ) throws(BitstreamError) -> References {
        guard !type.isIntra else { return (0, 0) }
        if type == .b { _ = try reader.flag("direct_spatial_mv_pred_flag") }
        var references = (l0: pps.defaultRefCountL0, l1: type == .b ? pps.defaultRefCountL1 : 0)
        if try reader.flag("num_ref_idx_active_override_flag") {
            references.l0 = try reader.ue("num_ref_idx_l0_active_minus1", in: 0...31) + 1
            if type == .b { references.l1 = try reader.ue("num_ref_idx_l1_active_minus1", in: 0...31) + 1 }
        }
        try skipListModification("ref_pic_list_modification_flag_l0")
        if type == .b { try skipListModification("ref_pic_list_modification_flag_l1") }
        return references
    }

    private mutating func skipListModification(_ name: String) throws(BitstreamError) {
        guard try reader.flag(name) else { return }
        while try reader.ue("modification_of_pic_nums_idc", in: 0...3) != 3 {
            _ = try reader.ue("abs_diff_pic_num_minus1")  // or long_term_pic_num
        }
    }

    /// `pred_weight_table()` (7.3.3.2).
    mutating func skipWeights(_ references: References, chroma: Bool) throws(BitstreamError) {
        _ = try reader.ue("luma_log2_weight_denom", in: 0...7)
        if chroma { _ = try reader.ue("chroma_log2_weight_denom", in: 0...7) }
        for _ in 0..<references.l0 + references.l1 {
            try skipWeight("luma_weight", count: 2)
            if chroma { try skipWeight("chroma_weight", count: 4) }
        }
    }

    private mutating func skipWeight(_ name: String, count: Int) throws(BitstreamError) {
        guard try reader.flag(name) else { return }
        for _ in 0..<count { _ = try reader.se(name, in: -128...127) }
    }

    /// `dec_ref_pic_marking()` (7.3.3.3): whether operation 5 is among its operations, which outputs all earlier pictures
    /// first, and restarts the counts.
    mutating func referenceMarkingResets() throws(BitstreamError) -> Bool {
        var resets = false
        if header.type == .idrSlice {
            _ = try reader.flag("no_output_of_prior_pics_flag")
            _ = try reader.flag("long_term_reference_flag")
        } else if try reader.flag("adaptive_ref_pic_marking_mode_flag") {
            while case let operation = try markingOperation(), operation != 0 { resets = resets || operation == 5 }
        }
        return resets
    }

    /// Reads one operation and over its operands; 0 ends the list.
    private mutating func markingOperation() throws(BitstreamError) -> Int {
        let operation = try reader.ue("memory_management_control_operation", in: 0...6)
        let operands = [0, 1, 1, 2, 1, 0, 1][operation]
        for _ in 0..<operands { _ = try reader.ue("operand of memory_management_control_operation") }
        return operation
    }

    mutating func quantizer(
        _ sps: SequenceParameterSet,
        _ pps: PictureParameterSet
    ) throws(BitstreamError) -> Int {
        let start = reader.bitOffset
        let quantizer = pps.initialQuantizer + (try reader.se("slice_qp_delta"))
        let allowed = -sps.sampleFormat.quantizerOffset...51
        guard allowed.contains(quantizer) else { throw .outOfRange("SliceQPY", quantizer, in: allowed, at: start) }
        return quantizer
    }
}
