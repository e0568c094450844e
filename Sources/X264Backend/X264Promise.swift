internal import Bitstream
internal import VideoTypes

/// What a codec string of H.264 promises, and what libx264 must be held to so that the bitstream keeps it.
struct X264Promise: Equatable {
    /// The profile that the SPS is to name.
    let profileIdc: UInt8
    /// The constraint flags that must be set in the SPS; libx264's own are added.
    let constraints: UInt8
    /// The level, which the SPS names and the stream does not exceed.
    let level: AVCLevel
    /// The profile whose tools libx264 is held to: the least of the profile and those that the flags speak of.
    let tools: Tools
    /// `constraint_set5_flag`: no B slices.
    let forbidsBFrames: Bool

    /// The profiles of libx264, each with the tools of those before it.
    enum Tools: String, CaseIterable {
        case baseline, main, high, high10, high422, high444
    }

    init(_ string: AVCCodecString) throws(EncoderConfigError) {
        guard let own = Self.tools[string.profileIdc] else {
            throw .unsupported(
                "\(string) asks for profile_idc \(string.profileIdc), which libx264 cannot do"
                    + " (66, 77, 100, 110, 122 and 244 it can)"
            )
        }
        guard string.constraints & 0x03 == 0 else {
            throw .malformed(field: "codec", value: string.description, expected: "the last two constraint bits zero")
        }
        guard string.profileIdc != 66 || string.constraints & 0x0C == 0 else {
            throw .malformed(
                field: "codec",
                value: string.description,
                expected: "no constraint flags 4 and 5, which Baseline does not have"
            )
        }
        guard let level = AVCLevel.level(of: string) else {
            throw .unsupported("\(string) asks for level_idc \(string.levelIdc), which H.264 table A-1 does not have")
        }
        (profileIdc, constraints, self.level) = (string.profileIdc, string.constraints, level)
        tools = try Self.tools(for: string, own: own)
        forbidsBFrames = string.hasConstraint(5)
    }

    private static let tools: [UInt8: Tools] = [
        66: .baseline, 77: .main, 100: .high, 110: .high10, 122: .high422, 244: .high444,
    ]

    /// The flags specify which other profiles' decoders can read the stream (H.264 A.2).
    private static func tools(for string: AVCCodecString, own: Tools) throws(EncoderConfigError) -> Tools {
        if string.hasConstraint(3), own != .baseline, own != .main {
            throw .unsupported("\(string) asks for an intra profile (constraint_set3), which Sluice does not make")
        }
        if string.hasConstraint(0) || string.hasConstraint(2) { return .baseline }
        return string.hasConstraint(1) ? min(own, .main) : own
    }

    /// The richest chroma that the profile has, whatever the tools.
    var richestChroma: ChromaSubsampling { tools.richestChroma }

    /// The most bits a sample that the profile has; fewer it has as well (H.264 A.2.5 to A.2.7).
    var greatestBitDepth: Int { tools.greatestBitDepth }
}

extension X264Promise.Tools: Comparable {
    static func < (a: Self, b: Self) -> Bool { a.rank < b.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    var richestChroma: ChromaSubsampling {
        switch self {
        case .baseline, .main, .high, .high10: .yuv420
        case .high422: .yuv422
        case .high444: .yuv444
        }
    }

    /// libx264 supports at most 10; High 4:4:4 Predictive allows 14.
    var greatestBitDepth: Int { self < .high10 ? 8 : 10 }
}
