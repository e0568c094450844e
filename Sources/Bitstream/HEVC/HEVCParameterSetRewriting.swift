extension HEVCProfileTierLevel {
    /// A video or sequence parameter set that says this instead of what it said; all else stays as it was, bit by bit.
    ///
    /// Encoders write the profile, flags and level that they see fit, where a codec string promises certain ones. That the
    /// stream satisfies them is the caller's promise.
    ///
    /// - Parameter nalUnit: A video or sequence parameter set as it stands in a stream; what it says of sub-layers
    ///   stays.
    /// - Returns: The new NAL unit, its emulation prevention redone.
    public func rewriting(_ nalUnit: [UInt8]) throws(BitstreamError) -> [UInt8] {
        let type = try HEVCNALUnitHeader(parsing: nalUnit).type
        let offset: Int
        switch type {
        case .videoParameterSet:
            _ = try HEVCVideoParameterSet(parsing: nalUnit)
            offset = HEVCVideoParameterSet.profileTierLevelOffset
        case .sequenceParameterSet:
            _ = try HEVCSequenceParameterSet(parsing: nalUnit)
            offset = HEVCSequenceParameterSet.profileTierLevelOffset
        default:
            let expected = "32 or 33, a video or sequence parameter set"
            throw BitstreamError(.invalid, "nal_unit_type is \(type.rawValue)", at: .byte(0), expected: expected)
        }
        var rewritten = EmulationPrevention.unescape(nalUnit)
        rewritten.replaceSubrange(offset..<offset + Self.byteCount, with: bytes)
        return EmulationPrevention.escape(rewritten)
    }
}
