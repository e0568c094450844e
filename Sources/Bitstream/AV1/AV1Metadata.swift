package import VideoTypes

/// Metadata OBUs (AV1 5.8).
package enum AV1Metadata {
    /// `metadata_hdr_cll()` (AV1 5.8.3).
    package static func obu(_ level: ContentLightLevel) -> OBU {
        var writer = writer(ofType: 1)
        writer.bits(clamped(level.maxCLL, bits: 16), count: 16)
        writer.bits(clamped(level.maxFALL, bits: 16), count: 16)
        return obu(&writer)
    }

    /// `metadata_hdr_mdcv()` (AV1 5.8.4): chromaticities in 0.16 fixed point, luminances in 24.8 and 18.14.
    package static func obu(_ display: MasteringDisplay) -> OBU {
        var writer = writer(ofType: 2)
        for point in [display.red, display.green, display.blue, display.white] {
            writer.bits(fixedPoint(point.x, unit: 50000, fraction: 16, bits: 16), count: 16)
            writer.bits(fixedPoint(point.y, unit: 50000, fraction: 16, bits: 16), count: 16)
        }
        writer.bits(fixedPoint(display.maxLuminance, unit: 10000, fraction: 8, bits: 32), count: 32)
        writer.bits(fixedPoint(display.minLuminance, unit: 10000, fraction: 14, bits: 32), count: 32)
        return obu(&writer)
    }

    private static func writer(ofType type: UInt32) -> BitWriter {
        var writer = BitWriter()
        writer.bits(type, count: 8)
        return writer
    }

    private static func obu(_ writer: inout BitWriter) -> OBU {
        writer.trailingBits()
        return OBU(.metadata, payload: writer.bytes[...])
    }

    /// `value / unit`, rounded to the nearest that the format has.
    private static func fixedPoint(_ value: Int, unit: Int, fraction: Int, bits: Int) -> UInt32 {
        let value = min(max(0, value), Int(UInt32.max))
        return clamped((value << fraction + unit / 2) / unit, bits: bits)
    }

    private static func clamped(_ value: Int, bits: Int) -> UInt32 {
        UInt32(min(max(0, value), 1 << bits - 1))
    }
}
