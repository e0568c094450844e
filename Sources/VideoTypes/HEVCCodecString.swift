/// `hvc1.P.F.TL.C…`: profile, compatibility flags, tier, level and constraints of HEVC (ISO/IEC 14496-15 E.3; W3C HEVC
/// WebCodecs registration).
public struct HEVCCodecString: Hashable, Sendable {
    /// Where the parameter sets may be (ISO/IEC 14496-15).
    public enum SampleEntry: String, Hashable, Sendable {
        /// Only in the decoder configuration record.
        case hvc1
        /// In the stream as well.
        case hev1
    }

    /// `general_tier_flag`.
    public enum Tier: String, Hashable, Sendable {
        /// 0.
        case main = "L"
        /// 1.
        case high = "H"
    }

    /// The sample entry.
    public var sampleEntry: SampleEntry
    /// `general_profile_space`, `0...3`; 0 in every stream of today.
    public var profileSpace: Int
    /// `general_profile_idc`, `0...31`.
    public var profileIdc: Int
    /// `general_profile_compatibility_flag[i]` in bit `i`: in the reverse of the order in which they are in the bitstream.
    public var compatibilityFlags: UInt32
    /// `general_tier_flag`.
    public var tier: Tier
    /// `general_level_idc`: thirty times the level's number.
    public var levelIdc: Int
    /// The six bytes from `general_progressive_source_flag` on.
    public var constraints: [UInt8]

    /// A codec string; `constraints` has 6 bytes or fewer, and zeros follow.
    public init(
        sampleEntry: SampleEntry = .hvc1,
        profileSpace: Int = 0,
        profileIdc: Int,
        compatibilityFlags: UInt32,
        tier: Tier,
        levelIdc: Int,
        constraints: [UInt8]
    ) {
        precondition(constraints.count <= 6, "there are six bytes of constraint flags")
        self.sampleEntry = sampleEntry
        self.profileSpace = profileSpace
        self.profileIdc = profileIdc
        self.compatibilityFlags = compatibilityFlags
        self.tier = tier
        self.levelIdc = levelIdc
        self.constraints = constraints + [UInt8](repeating: 0, count: 6 - constraints.count)
    }

    /// What a string of this kind looks like, for messages.
    static let form =
        "hvc1.P.F.TL.C such as hvc1.1.6.L93.B0: profile, hexadecimal compatibility flags, tier L or H and"
        + " level, and up to six hexadecimal bytes of constraints"
}

extension HEVCCodecString: LosslessStringConvertible {
    /// The string, its digits in upper case, without the zero bytes at its end.
    public var description: String {
        let space = ["", "A", "B", "C"][profileSpace]
        let flags = String(compatibilityFlags, radix: 16, uppercase: true)
        let last = constraints.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0
        let bytes = constraints.prefix(last).map { "." + String($0, radix: 16, uppercase: true) }.joined()
        return "\(sampleEntry.rawValue).\(space)\(profileIdc).\(flags).\(tier.rawValue)\(levelIdc)\(bytes)"
    }

    /// Reads the string, its hexadecimal digits in either case.
    public init?(_ description: String) {
        let parts = description.split(separator: ".", omittingEmptySubsequences: false)
        guard (4...10).contains(parts.count), let entry = SampleEntry(rawValue: String(parts[0])) else { return nil }
        let spaces: [Character] = ["A", "B", "C"]
        let space = parts[1].first.flatMap { spaces.firstIndex(of: $0) }.map { $0 + 1 } ?? 0
        guard let profile = Self.decimal(space > 0 ? parts[1].dropFirst() : parts[1], in: 0...31),
            let flags = Self.hexadecimal(parts[2], digits: 1...8),
            let tier = parts[3].first.flatMap({ Tier(rawValue: String($0)) }),
            let level = Self.decimal(parts[3].dropFirst(), in: 0...255)
        else { return nil }
        var constraints: [UInt8] = []
        for part in parts.dropFirst(4) {
            guard let byte = Self.hexadecimal(part, digits: 1...2) else { return nil }
            constraints.append(UInt8(byte))
        }
        self.init(
            sampleEntry: entry,
            profileSpace: space,
            profileIdc: profile,
            compatibilityFlags: flags,
            tier: tier,
            levelIdc: level,
            constraints: constraints
        )
    }

    /// A number without leading zeros.
    private static func decimal(_ text: Substring, in allowed: ClosedRange<Int>) -> Int? {
        guard (1...3).contains(text.utf8.count), let number = CodecStringFields.number(text, digits: text.utf8.count),
            allowed.contains(number), text.utf8.count == 1 || text.first != "0"
        else { return nil }
        return number
    }

    private static func hexadecimal(_ text: Substring, digits: ClosedRange<Int>) -> UInt32? {
        guard digits.contains(text.utf8.count), text.allSatisfy({ $0.isASCII && $0.isHexDigit }) else { return nil }
        return UInt32(text, radix: 16)
    }
}
