/// `avc1.PPCCLL`: a profile, its constraint flags and a level of H.264 (RFC 6381 section 3.3; W3C AVC (H.264) WebCodecs
/// registration).
public struct AVCCodecString: Hashable, Sendable {
    /// Where the parameter sets may be (ISO/IEC 14496-15).
    public enum SampleEntry: String, Hashable, Sendable {
        /// Only in the decoder configuration record.
        case avc1
        /// In the stream as well.
        case avc3
    }

    /// The sample entry.
    public var sampleEntry: SampleEntry
    /// `profile_idc`.
    public var profileIdc: UInt8
    /// The byte of `constraint_set0_flag` (its highest bit) to `constraint_set5_flag` and two reserved zero bits.
    public var constraints: UInt8
    /// `level_idc`: ten times the level's number, but for level 1b.
    public var levelIdc: UInt8

    /// A codec string from the three bytes after an SPS's NAL unit header.
    public init(sampleEntry: SampleEntry = .avc1, profileIdc: UInt8, constraints: UInt8, levelIdc: UInt8) {
        self.sampleEntry = sampleEntry
        self.profileIdc = profileIdc
        self.constraints = constraints
        self.levelIdc = levelIdc
    }

    /// Whether `constraint_setN_flag` is set.
    public func hasConstraint(_ number: Int) -> Bool {
        (0...5).contains(number) && constraints & (0x80 >> UInt8(number)) != 0
    }
}

extension AVCCodecString: LosslessStringConvertible {
    /// The string, its digits in upper case.
    public var description: String {
        let digits = [profileIdc, constraints, levelIdc].map { byte in
            let text = String(byte, radix: 16, uppercase: true)
            return text.count == 1 ? "0" + text : text
        }
        return "\(sampleEntry.rawValue).\(digits.joined())"
    }

    /// Reads `avc1.` or `avc3.` and six hexadecimal digits, in either case.
    public init?(_ description: String) {
        let parts = description.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let entry = SampleEntry(rawValue: String(parts[0])) else { return nil }
        guard parts[1].utf8.count == 6, parts[1].allSatisfy({ $0.isASCII && $0.isHexDigit }) else { return nil }
        guard let bytes = UInt32(parts[1], radix: 16) else { return nil }
        self.init(
            sampleEntry: entry,
            profileIdc: UInt8(truncatingIfNeeded: bytes >> 16),
            constraints: UInt8(truncatingIfNeeded: bytes >> 8),
            levelIdc: UInt8(truncatingIfNeeded: bytes)
        )
    }
}
