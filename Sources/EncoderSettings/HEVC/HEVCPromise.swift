internal import Bitstream
package import VideoTypes

/// What a codec string of HEVC promises, checked for what libx265 can be held to.
struct HEVCPromise: Equatable {
    let string: HEVCCodecString
    let level: HEVCLevel
    /// The profile, whose limits the stream keeps.
    let profile: Profile

    /// A profile by the richest picture that it has (H.265 A.3.2, A.3.3 and table A.2).
    struct Profile: Equatable {
        let idc: Int
        let chroma: ChromaSubsampling
        let bitDepth: Int
        /// `general_max_12bit_constraint_flag` and what follows it: the low half of the first byte, and the second byte.
        var limits: [UInt8] = [0, 0]

        static let main = Profile(idc: 1, chroma: .yuv420, bitDepth: 8)
        /// One picture; its flags name Main and Main 10 as well.
        static let mainStillPicture = Profile(idc: HEVCProfileTierLevel.mainStillPicture, chroma: .yuv420, bitDepth: 8)
        static let main10 = Profile(idc: 2, chroma: .yuv420, bitDepth: 10)
        /// The format range extensions, the poorest first.
        static let extensions = [
            Profile(idc: 4, chroma: .yuv420, bitDepth: 12, limits: [0x09, 0x88]),
            Profile(idc: 4, chroma: .yuv422, bitDepth: 10, limits: [0x0D, 0x08]),
            Profile(idc: 4, chroma: .yuv422, bitDepth: 12, limits: [0x09, 0x08]),
            Profile(idc: 4, chroma: .yuv444, bitDepth: 8, limits: [0x0E, 0x08]),
            Profile(idc: 4, chroma: .yuv444, bitDepth: 10, limits: [0x0C, 0x08]),
            Profile(idc: 4, chroma: .yuv444, bitDepth: 12, limits: [0x08, 0x08]),
        ]

        func holds(_ chroma: ChromaSubsampling, _ bitDepth: Int) -> Bool {
            chroma.chromaFormatIdc <= self.chroma.chromaFormatIdc && bitDepth <= self.bitDepth
        }

        /// The lowest profile that a picture fits into.
        static func lowest(_ chroma: ChromaSubsampling, _ bitDepth: Int) -> Profile {
            ([main, main10] + extensions).first { $0.holds(chroma, bitDepth) } ?? extensions[5]
        }

        var bitrateFactor: Int { HEVCLevel.bitrateFactor(chroma: chroma, bitDepth: bitDepth) }

        /// The string of a progressive stream: not packed, frames only. A stream of Main is one of Main 10 as well.
        func string(tier: HEVCCodecString.Tier, level: HEVCLevel) -> HEVCCodecString {
            HEVCCodecString(
                profileIdc: idc,
                compatibilityFlags: idc == 1 ? 0b110 : 1 << UInt32(idc),
                tier: tier,
                levelIdc: level.levelIdc,
                constraints: [0xB0 | limits[0], limits[1]]
            )
        }
    }

    init(_ string: HEVCCodecString) throws(EncoderConfigError) {
        self.string = string
        guard string.profileSpace == 0, (1...4).contains(string.profileIdc) else {
            throw .unsupported(
                "\(string) has general_profile_idc \(string.profileIdc), which libx265 does not"
                    + " support (use 1 to 4)"
            )
        }
        guard let level = HEVCLevel.level(idc: string.levelIdc) else {
            throw .unsupported("\(string) has general_level_idc \(string.levelIdc), which H.265 does not define")
        }
        guard string.tier == .main || level.maxBitrateHigh != nil else {
            throw .malformed(field: "codec", value: string.description, expected: "tier L below level 4 (120)")
        }
        self.level = level
        profile = try Self.profile(of: string)
        try checkFlags()
    }

    private static func profile(of string: HEVCCodecString) throws(EncoderConfigError) -> Profile {
        let rest = [string.constraints[0] & 0x0F] + string.constraints.dropFirst()
        if string.profileIdc < 4 {
            guard rest.allSatisfy({ $0 == 0 }) else {
                throw .malformed(
                    field: "codec",
                    value: string.description,
                    expected: "zeros after the first four constraint flags, which this profile reserves"
                )
            }
            return [Profile.main, .main10, .mainStillPicture][string.profileIdc - 1]
        }
        let found = Profile.extensions.first {
            rest.starts(with: $0.limits) && rest.dropFirst(2).allSatisfy { $0 == 0 }
        }
        guard let found else {
            throw .unsupported(
                "\(string) is not a format range extensions profile that libx265 supports (the constraints"
                    + " 99.88 are Main 12, 9D.8 Main 4:2:2 10, 99.8 4:2:2 12, 9E.8 4:4:4, 9C.8 4:4:4 10, 98.8 4:4:4 12)"
            )
        }
        return found
    }

    private func checkFlags() throws(EncoderConfigError) {
        guard string.compatibilityFlags >> UInt32(profile.idc) & 1 == 1 else {
            throw .malformed(
                field: "codec",
                value: string.description,
                expected: "the compatibility flag of the profile itself set (H.265 7.4.4)"
            )
        }
        let others = string.compatibilityFlags & ~(isStillPicture ? 0b1110 : 0b10110)
        guard others == 0 else {
            let number = others.trailingZeroBitCount
            throw .unsupported("\(string) also claims profile \(number), which Sluice does not write")
        }
        guard string.constraints[0] & 0x40 == 0 else {
            throw .unsupported(
                "\(string) claims an interlaced source (general_interlaced_source_flag), but Sluice encodes frames"
            )
        }
    }

    /// The stream is a single picture.
    var isStillPicture: Bool { profile.idc == HEVCProfileTierLevel.mainStillPicture }

    /// Throws unless every profile that the string names has room for the picture.
    func check(_ values: EncoderConfig) throws(EncoderConfigError) {
        if isStillPicture, values.isSegment {
            throw .unsupported(
                "\(string) is a still picture, which cannot be split into segments (use \(Setting.parallel) 1)"
            )
        }
        let (chroma, depth) = (values.chroma, values.bitDepth)
        let named = [Profile.main, .main10].filter { string.compatibilityFlags >> UInt32($0.idc) & 1 == 1 } + [profile]
        guard named.allSatisfy({ $0.holds(chroma, depth) }) else {
            let wouldDo = Profile.lowest(chroma, depth).string(tier: string.tier, level: level)
            throw .unsupported(
                "\(chroma.name) with \(depth) bits exceeds the profile of \(string) (use \(wouldDo))"
            )
        }
    }
}

extension HEVCCodecString {
    /// Why no second frame is taken; `nil` where a stream has as many as anyone has.
    package var refusalOfSecondFrame: EncoderConfigError? {
        guard profileIdc == HEVCProfileTierLevel.mainStillPicture else { return nil }
        var moving = self
        (moving.profileIdc, moving.compatibilityFlags) = (1, 0b110)
        return .unsupported(
            "\(self) is Main Still Picture, which has one picture, but the input has more frames (use \(Setting.frames) 1, or"
                + " \(moving))"
        )
    }
}
