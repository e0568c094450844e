package import VideoTypes

/// A level of H.264: what a decoder of this level can do (table A-1).
package struct AVCLevel: Hashable, Sendable {
    /// The level's number: `1.0`, `1b`, `1.1` and so on.
    package let name: String
    /// `level_idc`; 9 for level 1b, which ``levelIdc(inProfile:)`` knows better.
    package let levelIdc: UInt8
    /// `MaxMBPS`: macroblocks a second.
    package let maxMacroblocksPerSecond: Int
    /// `MaxFS`: macroblocks of a frame.
    package let maxFrameMacroblocks: Int
    /// `MaxDpbMbs`: macroblocks of all frames in the decoded picture buffer.
    package let maxDpbMacroblocks: Int
    /// `MaxBR`: bits a second, in units of ``cpbBrVclFactor(profileIdc:)`` bits.
    package let maxBitrate: Int
    /// `MaxCPB`: bits of the coded picture buffer, in units of ``cpbBrVclFactor(profileIdc:)`` bits.
    package let maxCPB: Int

    private init(_ name: String, _ idc: UInt8, _ mbps: Int, _ frame: Int, _ dpb: Int, _ bitrate: Int, _ cpb: Int) {
        (self.name, levelIdc, maxMacroblocksPerSecond, maxFrameMacroblocks) = (name, idc, mbps, frame)
        (maxDpbMacroblocks, maxBitrate, maxCPB) = (dpb, bitrate, cpb)
    }

    /// Every level, each one above the one before it.
    package static let all = [
        AVCLevel("1.0", 10, 1485, 99, 396, 64, 175),
        AVCLevel("1b", 9, 1485, 99, 396, 128, 350),
        AVCLevel("1.1", 11, 3000, 396, 900, 192, 500),
        AVCLevel("1.2", 12, 6000, 396, 2376, 384, 1000),
        AVCLevel("1.3", 13, 11880, 396, 2376, 768, 2000),
        AVCLevel("2.0", 20, 11880, 396, 2376, 2000, 2000),
        AVCLevel("2.1", 21, 19800, 792, 4752, 4000, 4000),
        AVCLevel("2.2", 22, 20250, 1620, 8100, 4000, 4000),
        AVCLevel("3.0", 30, 40500, 1620, 8100, 10000, 10000),
        AVCLevel("3.1", 31, 108_000, 3600, 18000, 14000, 14000),
        AVCLevel("3.2", 32, 216_000, 5120, 20480, 20000, 20000),
        AVCLevel("4.0", 40, 245_760, 8192, 32768, 20000, 25000),
        AVCLevel("4.1", 41, 245_760, 8192, 32768, 50000, 62500),
        AVCLevel("4.2", 42, 522_240, 8704, 34816, 50000, 62500),
        AVCLevel("5.0", 50, 589_824, 22080, 110_400, 135_000, 135_000),
        AVCLevel("5.1", 51, 983_040, 36864, 184_320, 240_000, 240_000),
        AVCLevel("5.2", 52, 2_073_600, 36864, 184_320, 240_000, 240_000),
        AVCLevel("6.0", 60, 4_177_920, 139_264, 696_320, 240_000, 240_000),
        AVCLevel("6.1", 61, 8_355_840, 139_264, 696_320, 480_000, 480_000),
        AVCLevel("6.2", 62, 16_711_680, 139_264, 696_320, 800_000, 800_000),
    ]
}

extension AVCLevel {
    /// The level that an SPS's three bytes mean; `nil` where they mean none.
    ///
    /// - Parameters:
    ///   - levelIdc: `level_idc`.
    ///   - profileIdc: `profile_idc`. In profiles 66, 77 and 88, level 1b is 11 with `constraint_set3_flag`; in the
    ///     others it is 9 (A.3.1, A.3.2).
    ///   - constraints: The byte of constraint flags.
    package static func level(levelIdc: UInt8, profileIdc: UInt8, constraints: UInt8) -> AVCLevel? {
        let isOldStyle = usesConstraintSet3(inProfile: profileIdc)
        if isOldStyle, levelIdc == 9 { return nil }
        let is1b = isOldStyle && levelIdc == 11 && constraints & 0x10 != 0
        return all.first { $0.levelIdc == (is1b ? 9 : levelIdc) }
    }

    /// The level of a codec string; `nil` for an unknown level.
    package static func level(of string: AVCCodecString) -> AVCLevel? {
        level(levelIdc: string.levelIdc, profileIdc: string.profileIdc, constraints: string.constraints)
    }

    /// `level_idc` of this level in a profile: 11 for level 1b in profiles 66, 77 and 88.
    package func levelIdc(inProfile profileIdc: UInt8) -> UInt8 {
        needsConstraintSet3(inProfile: profileIdc) ? 11 : levelIdc
    }

    /// Whether this is level 1b in a profile where `constraint_set3_flag` distinguishes it from level 1.1.
    package func needsConstraintSet3(inProfile profileIdc: UInt8) -> Bool {
        levelIdc == 9 && Self.usesConstraintSet3(inProfile: profileIdc)
    }

    private static func usesConstraintSet3(inProfile profileIdc: UInt8) -> Bool { [66, 77, 88].contains(profileIdc) }

    /// `cpbBrVclFactor` (table A-2): the unit of ``maxBitrate`` and ``maxCPB`` in bits.
    package static func cpbBrVclFactor(profileIdc: UInt8) -> Int {
        switch profileIdc {
        case 100: 1250
        case 110: 3000
        case 122, 244, 44: 4000
        default: 1000
        }
    }

    /// `cpbBrNalFactor` (table A-2): the same for all NAL units, whatever they are, with their start codes.
    package static func cpbBrNalFactor(profileIdc: UInt8) -> Int { cpbBrVclFactor(profileIdc: profileIdc) * 6 / 5 }

    /// The highest bit rate in bits a second.
    package func maxBitrate(profileIdc: UInt8) -> Int { maxBitrate * Self.cpbBrVclFactor(profileIdc: profileIdc) }

    /// The largest coded picture buffer in bits.
    package func maxCPB(profileIdc: UInt8) -> Int { maxCPB * Self.cpbBrVclFactor(profileIdc: profileIdc) }

    /// How far a motion vector may lead up or down, in luma samples (table A-1).
    package var maxVerticalMotion: Int {
        switch levelIdc {
        case 60...: 8192
        case 31...: 512
        case 21...: 256
        case 11...: 128
        default: 64
        }
    }

    /// The longest side of a frame in macroblocks: the root of 8 times `MaxFS`, rounded down (A.3.1, A.3.2).
    package var maxSideInMacroblocks: Int { Int(Double(8 * maxFrameMacroblocks).squareRoot()) }

    /// Whether a frame of this size is allowed.
    package func allowsFrame(widthInMacroblocks width: Int, heightInMacroblocks height: Int) -> Bool {
        let sides = 1...maxSideInMacroblocks
        return sides.contains(width) && sides.contains(height) && width * height <= maxFrameMacroblocks
    }

    /// `MaxDpbFrames`: how many frames of this size the decoded picture buffer holds, at most 16; 0 if not even one fits, or if
    /// the size is invalid.
    package func maxDpbFrames(widthInMacroblocks width: Int, heightInMacroblocks height: Int) -> Int {
        guard width >= 1, height >= 1 else { return 0 }
        return min(maxDpbMacroblocks / width / height, 16)
    }
}
