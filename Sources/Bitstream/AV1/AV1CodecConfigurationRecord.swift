package import VideoTypes

/// `AV1CodecConfigurationRecord`, the content of `av1C` (AV1-ISOBMFF 2.3).
package struct AV1CodecConfigurationRecord: Hashable, Sendable {
    /// `seq_profile`.
    package let profile: Int
    /// `seq_level_idx_0`.
    package let level: Int
    /// `seq_tier_0`.
    package let tier: AV1CodecString.Tier
    /// 8, 10 or 12.
    package let bitDepth: Int
    /// `monochrome`.
    package let isMonochrome: Bool
    /// The chroma subsampling.
    package let chroma: ChromaSubsampling
    /// `chroma_sample_position`.
    package let chromaSamplePosition: Int
    /// `initial_presentation_delay_minus_one`, if it is there.
    package let initialPresentationDelayMinus1: Int?
    /// `configOBUs`: the sequence header, with its size.
    package let configOBUs: [UInt8]

    /// The record of a stream.
    ///
    /// - Parameter sequenceHeader: The sequence header of its first key temporal unit.
    package init(_ sequenceHeader: OBU) throws(BitstreamError) {
        let header = try AV1SequenceHeader(parsing: sequenceHeader.payload)
        profile = header.profile
        (level, tier) = (header.operatingPoints[0].level, header.operatingPoints[0].tier)
        (bitDepth, isMonochrome) = (header.color.bitDepth, header.color.isMonochrome)
        (chroma, chromaSamplePosition) = (header.color.chroma, header.color.chromaSamplePosition)
        initialPresentationDelayMinus1 = nil
        configOBUs = sequenceHeader.bytes
    }

    /// The record's bytes.
    package var bytes: [UInt8] {
        var writer = BitWriter()
        writer.bits(0x81, count: 8)
        writer.bits(UInt32(profile), count: 3)
        writer.bits(UInt32(level), count: 5)
        writer.flag(tier == .high)
        writer.flag(bitDepth > 8)
        writer.flag(bitDepth == 12)
        writer.flag(isMonochrome)
        writer.flag(chroma != .yuv444)
        writer.flag(chroma == .yuv420)
        writer.bits(UInt32(chromaSamplePosition), count: 2)
        writer.bits(0, count: 3)
        writer.flag(initialPresentationDelayMinus1 != nil)
        writer.bits(UInt32(initialPresentationDelayMinus1 ?? 0), count: 4)
        return writer.bytes + configOBUs
    }

    /// Reads a record.
    package init(parsing bytes: [UInt8]) throws(BitstreamError) {
        var reader = BitReader(bytes)
        let version = try reader.bits(8, "version")
        guard version == 0x81 else { throw .outOfRange("marker and version", version, in: 0x81...0x81, at: 0) }
        profile = try reader.bits(3, "seq_profile")
        level = try reader.bits(5, "seq_level_idx_0")
        tier = try reader.flag("seq_tier_0") ? .high : .main
        let (isHigh, isTwelve) = (try reader.flag("high_bitdepth"), try reader.flag("twelve_bit"))
        bitDepth = isTwelve ? 12 : isHigh ? 10 : 8
        isMonochrome = try reader.flag("monochrome")
        let (halvesColumns, halvesRows) = (try reader.flag("chroma_subsampling_x"), try reader.flag())
        guard profile <= 2, isHigh || !isTwelve, halvesColumns || !halvesRows else {
            let expected = "a profile, depth and subsampling of AV1"
            throw BitstreamError(.invalid, "invalid format", at: .byte(2), expected: expected)
        }
        chroma = halvesRows ? .yuv420 : halvesColumns ? .yuv422 : .yuv444
        chromaSamplePosition = try reader.bits(2, "chroma_sample_position")
        _ = try reader.bits(3, "reserved")
        let hasDelay = try reader.flag("initial_presentation_delay_present")
        let delay = try reader.bits(4, "initial_presentation_delay_minus_one")
        initialPresentationDelayMinus1 = hasDelay ? delay : nil
        configOBUs = Array(bytes.dropFirst(4))
    }
}
