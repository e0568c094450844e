extension SliceHeader {
    /// A slice of an IDR picture with another `idr_pic_id`; all other bits stay as they are.
    ///
    /// Two IDR pictures that follow each other have to have different ones (H.264 7.4.3), which independent encoders cannot
    /// ensure.
    ///
    /// - Parameters:
    ///   - nalUnit: The slice as it is in a stream.
    ///   - idrPicID: The new number, `0...65535`.
    ///   - sps: The sequence parameter set.
    ///   - pps: The picture parameter set, which must be the one that the slice names.
    /// - Returns: The new NAL unit, its emulation prevention redone.
    /// - Throws: If the slice cannot be read, does not belong to an IDR picture, or belongs to one of several slice groups.
    package static func rewriting(
        _ nalUnit: ArraySlice<UInt8>,
        idrPicID: Int,
        sps: SequenceParameterSet,
        pps: PictureParameterSet
    ) throws(BitstreamError) -> [UInt8] {
        let rbsp = EmulationPrevention.unescape(nalUnit)
        var syntax = try SliceHeaderSyntax(nalUnit, limit: nalUnit.count)
        guard syntax.header.type == .idrSlice, pps.sliceGroupCount == 1 else {
            throw BitstreamError(
                .unsupported,
                "a slice",
                at: .byte(0),
                expected: "one of an IDR picture, without slice groups"
            )
        }
        let type = try syntax.start().type
        let isField = try syntax.frame(sps).isField
        let place = syntax.reader.bitOffset
        _ = try syntax.reader.ue("idr_pic_id", in: 0...65535)
        let rest = syntax.reader.bitOffset
        var writer = BitWriter()
        try writer.copy(0..<place, of: rbsp)
        writer.ue(UInt32(idrPicID))
        guard pps.usesCABAC else {
            try writer.copy(rest..<syntax.reader.payloadEnd, of: rbsp)
            writer.trailingBits()
            return EmulationPrevention.escape(writer.bytes)
        }
        try syntax.skipRestOfHeader(sps, pps, type, isField: isField)
        try writer.copy(rest..<syntax.reader.bitOffset, of: rbsp)
        // cabac_alignment_one_bit (7.3.4); the arithmetic decoder begins at a whole byte.
        while writer.bitCount % 8 != 0 { writer.flag(true) }
        return EmulationPrevention.escape(writer.bytes + rbsp.dropFirst((syntax.reader.bitOffset + 7) / 8))
    }
}

extension SliceHeaderSyntax {
    /// Reads over what follows `idr_pic_id` in the header of an IDR picture's slice, which is I or SI.
    fileprivate mutating func skipRestOfHeader(
        _ sps: SequenceParameterSet,
        _ pps: PictureParameterSet,
        _ type: SliceHeader.SliceType,
        isField: Bool
    ) throws(BitstreamError) {
        _ = try pictureOrderCount(sps, pps, isField: isField)
        if pps.redundantPicCntPresent { _ = try reader.ue("redundant_pic_cnt", in: 0...127) }
        _ = try referenceMarkingResets()
        _ = try reader.se("slice_qp_delta")
        if type == .si { _ = try reader.se("slice_qs_delta") }
        guard pps.deblockingFilterControlPresent else { return }
        guard try reader.ue("disable_deblocking_filter_idc", in: 0...2) != 1 else { return }
        _ = try reader.se("slice_alpha_c0_offset_div2", in: -6...6)
        _ = try reader.se("slice_beta_offset_div2", in: -6...6)
    }
}

extension BitWriter {
    /// Writes a range of the bits of `bytes`.
    fileprivate mutating func copy(_ range: Range<Int>, of bytes: [UInt8]) throws(BitstreamError) {
        var reader = BitReader(bytes[(range.lowerBound / 8)...])
        _ = try reader.bits(range.lowerBound % 8)
        var left = range.count
        while left > 0 {
            let step = min(left, 32)
            bits(UInt32(try reader.bits(step)), count: step)
            left -= step
        }
    }
}
