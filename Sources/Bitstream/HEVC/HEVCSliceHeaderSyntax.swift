/// The parts of a slice segment's header of HEVC, in their order (H.265 7.3.6.1 to 7.3.6.3).
struct HEVCSliceHeaderSyntax {
    /// What a picture may refer to.
    struct References {
        /// Pictures close by that are kept, and those among them that are referred to.
        var shortTerm = HEVCReferencePictureSet()
        /// `NumPicTotalCurr`.
        var count = 0
        /// `slice_temporal_mvp_enabled_flag`.
        var hasTemporalMotionVectors = false
        /// `slice_pic_order_cnt_lsb`.
        var picOrderCntLsb = 0
    }

    let header: HEVCNALUnitHeader
    /// `slice_segment_address`, once the slice has been started; 0 for a picture's first slice segment.
    private(set) var address = 0
    private let sps: HEVCSequenceParameterSet
    private let pps: HEVCPictureParameterSet
    private var reader: BitReader

    init(
        _ nalUnit: ArraySlice<UInt8>,
        limit: Int,
        sps: HEVCSequenceParameterSet,
        pps: HEVCPictureParameterSet
    ) throws(BitstreamError) {
        header = try HEVCNALUnitHeader(parsing: nalUnit)
        guard header.type.isVCL else {
            let what = "nal_unit_type is \(header.type.rawValue)"
            throw BitstreamError(.invalid, what, at: .byte(0), expected: "0...31, a slice segment")
        }
        (self.sps, self.pps) = (sps, pps)
        reader = BitReader(EmulationPrevention.unescape(nalUnit, limit: limit))
        _ = try reader.bits(16, "nal_unit_header")
    }

    /// `slice_pic_parameter_set_id` of a picture's first slice segment; `nil` if this is not the first.
    static func pictureParameterSetID(of nalUnit: ArraySlice<UInt8>) throws(BitstreamError) -> Int? {
        let type = try HEVCNALUnitHeader(parsing: nalUnit).type
        var reader = BitReader(EmulationPrevention.unescape(nalUnit, limit: 128))
        _ = try reader.bits(16, "nal_unit_header")
        guard try reader.flag("first_slice_segment_in_pic_flag") else { return nil }
        if type.isRandomAccess { _ = try reader.flag("no_output_of_prior_pics_flag") }
        return try reader.ue("slice_pic_parameter_set_id", in: 0...63)
    }

    /// Whether a slice begins here; a dependent slice segment continues the previous slice.
    mutating func start() throws(BitstreamError) -> Bool {
        let isFirst = try reader.flag("first_slice_segment_in_pic_flag")
        if header.type.isRandomAccess { _ = try reader.flag("no_output_of_prior_pics_flag") }
        let start = reader.bitOffset
        let id = try reader.ue("slice_pic_parameter_set_id", in: 0...63)
        guard id == pps.id else { throw .outOfRange("slice_pic_parameter_set_id", id, in: pps.id...pps.id, at: start) }
        guard !isFirst else { return true }
        let isDependent = try reader.flag("dependent_slice_segment_flag", if: pps.dependentSliceSegmentsEnabled)
        address = try reader.bits(bitsNeeded(for: sps.codingTreeBlocks), "slice_segment_address")
        return !isDependent
    }

    mutating func sliceType() throws(BitstreamError) -> HEVCSliceHeader.SliceType {
        _ = try reader.bits(pps.extraSliceHeaderBits, "slice_reserved_flag")
        return HEVCSliceHeader.SliceType(rawValue: try reader.ue("slice_type", in: 0...2)) ?? .i
    }

    mutating func pictureReferences() throws(BitstreamError) -> References {
        if pps.outputFlagPresent { _ = try reader.flag("pic_output_flag") }
        if sps.separateColorPlanes { _ = try reader.bits(2, "colour_plane_id") }
        guard !header.type.isIDR else { return References() }
        var references = References()
        references.picOrderCntLsb = try reader.bits(sps.log2MaxPicOrderCntLsb, "slice_pic_order_cnt_lsb")
        references.shortTerm = try shortTermSet()
        references.count = references.shortTerm.usedCount
        if sps.coding.hasLongTermReferences { references.count += try longTermCount() }
        if sps.coding.hasTemporalMotionVectors {
            references.hasTemporalMotionVectors = try reader.flag("slice_temporal_mvp_enabled_flag")
        }
        return references
    }

    private mutating func shortTermSet() throws(BitstreamError) -> HEVCReferencePictureSet {
        let sets = sps.coding.referencePictureSets
        guard try reader.flag("short_term_ref_pic_set_sps_flag") else {
            return try HEVCReferencePictureSet(reading: &reader, previous: sets, isInSlice: true)
        }
        let start = reader.bitOffset
        let index = try reader.bits(bitsNeeded(for: sets.count), "short_term_ref_pic_set_idx")
        guard sets.indices.contains(index) else {
            throw .outOfRange("short_term_ref_pic_set_idx", index, in: 0...max(0, sets.count - 1), at: start)
        }
        return sets[index]
    }

    /// The long-term pictures that the slice refers to.
    private mutating func longTermCount() throws(BitstreamError) -> Int {
        let known = sps.coding.longTermReferencesUsed
        let fromSPS = known.isEmpty ? 0 : try reader.ue("num_long_term_sps", in: 0...32)
        let fromSlice = try reader.ue("num_long_term_pics", in: 0...32)
        var count = 0
        for number in 0..<fromSPS + fromSlice {
            if number < fromSPS {
                let index = try reader.bits(bitsNeeded(for: known.count), "lt_idx_sps")
                if known.indices.contains(index), known[index] { count += 1 }
            } else {
                _ = try reader.bits(sps.log2MaxPicOrderCntLsb, "poc_lsb_lt")
                if try reader.flag("used_by_curr_pic_lt_flag") { count += 1 }
            }
            if try reader.flag("delta_poc_msb_present_flag") { _ = try reader.ue("delta_poc_msb_cycle_lt") }
        }
        return count
    }

    mutating func skipSampleAdaptiveOffset() throws(BitstreamError) {
        guard sps.coding.hasSampleAdaptiveOffset else { return }
        _ = try reader.flag("slice_sao_luma_flag")
        if sps.chromaArrayType != 0 { _ = try reader.flag("slice_sao_chroma_flag") }
    }

    /// The fields of P and B slices about their references.
    mutating func skipPrediction(
        _ type: HEVCSliceHeader.SliceType,
        _ references: References
    ) throws(BitstreamError) {
        var counts = (l0: pps.defaultRefCountL0, l1: type == .b ? pps.defaultRefCountL1 : 0)
        if try reader.flag("num_ref_idx_active_override_flag") {
            counts.l0 = try reader.ue("num_ref_idx_l0_active_minus1", in: 0...14) + 1
            if type == .b { counts.l1 = try reader.ue("num_ref_idx_l1_active_minus1", in: 0...14) + 1 }
        }
        if pps.listsModificationPresent, references.count > 1 {
            try skipListModification(counts.l0, references.count)
            if type == .b { try skipListModification(counts.l1, references.count) }
        }
        if type == .b { _ = try reader.flag("mvd_l1_zero_flag") }
        if pps.cabacInitPresent { _ = try reader.flag("cabac_init_flag") }
        if references.hasTemporalMotionVectors { try skipCollocated(type, counts) }
        if type == .p ? pps.weightedPrediction : pps.weightedBiprediction { try skipWeights([counts.l0, counts.l1]) }
        _ = try reader.ue("five_minus_max_num_merge_cand", in: 0...4)
    }

    private mutating func skipListModification(_ count: Int, _ total: Int) throws(BitstreamError) {
        guard try reader.flag("ref_pic_list_modification_flag") else { return }
        for _ in 0..<count { _ = try reader.bits(bitsNeeded(for: total), "list_entry") }
    }

    private mutating func skipCollocated(
        _ type: HEVCSliceHeader.SliceType,
        _ counts: (l0: Int, l1: Int)
    ) throws(BitstreamError) {
        let isFromL0 = type == .p ? true : try reader.flag("collocated_from_l0_flag")
        if (isFromL0 ? counts.l0 : counts.l1) > 1 { _ = try reader.ue("collocated_ref_idx", in: 0...14) }
    }

    /// `pred_weight_table()` (7.3.6.3) of a stream of one layer, where no picture refers to itself.
    private mutating func skipWeights(_ counts: [Int]) throws(BitstreamError) {
        let hasChroma = sps.chromaArrayType != 0
        _ = try reader.ue("luma_log2_weight_denom", in: 0...7)
        if hasChroma { _ = try reader.se("delta_chroma_log2_weight_denom", in: -7...7) }
        for count in counts where count > 0 {
            let luma = try reader.bits(count, "luma_weight_flag")
            let chroma = hasChroma ? try reader.bits(count, "chroma_weight_flag") : 0
            for bit in (0..<count).reversed() {
                let numbers = (luma >> bit & 1) * 2 + (chroma >> bit & 1) * 4
                for _ in 0..<numbers { _ = try reader.se("weight or offset") }
            }
        }
    }

    mutating func quantizer() throws(BitstreamError) -> Int {
        let start = reader.bitOffset
        let quantizer = pps.initialQuantizer + (try reader.se("slice_qp_delta", in: -200...200))
        let allowed = -sps.quantizerOffset...51
        guard allowed.contains(quantizer) else { throw .outOfRange("SliceQpY", quantizer, in: allowed, at: start) }
        return quantizer
    }

    /// `Ceil(Log2(count))`.
    private func bitsNeeded(for count: Int) -> Int { count > 1 ? Int.bitWidth - (count - 1).leadingZeroBitCount : 0 }
}
