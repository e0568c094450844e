/// Something in a stream, other than pictures, without a place in frames; or pictures that a decoder of one layer skips.
package enum StreamExtra: String, CaseIterable, Hashable, Sendable {
    /// Captions (CEA-608 and CEA-708 in ATSC A/53 part 4).
    case captions
    /// Metadata of HDR10+ (SMPTE ST 2094-40).
    case hdr10Plus
    /// Metadata or an enhancement layer of Dolby Vision.
    case dolbyVision
    /// Pictures of a second view or another layer (MV-HEVC, SHVC, MVC, SVC).
    case layers
    /// Timecodes of pictures.
    case timecodes
    /// How two pictures of a stereoscopic pair are packed into one.
    case framePacking
    /// Grain that a player is to add to the pictures.
    case filmGrain

    /// What it is called, as the subject of a sentence whose verb is "are".
    package var name: String {
        switch self {
        case .captions: "captions"
        case .hdr10Plus: "HDR10+ metadata"
        case .dolbyVision: "Dolby Vision metadata"
        case .layers: "pictures of a second view or layer"
        case .timecodes: "timecodes"
        case .framePacking: "stereoscopic (3D) packing data"
        case .filmGrain: "film grain parameters"
        }
    }

    /// The codes of a message that is registered by ITU-T T.35 (annex A and B): the country, the provider, and its own codes.
    package init?(registered payload: ArraySlice<UInt8>) {
        // The United States, whose providers have two bytes.
        guard payload.first == 0xB5 else { return nil }
        let rest = payload.dropFirst()
        if rest.starts(with: [0x00, 0x31]) {
            guard rest.dropFirst(2).starts(with: Array("GA94".utf8) + [3]) else { return nil }
            self = .captions
        } else if rest.starts(with: [0x00, 0x3C, 0x00, 0x01, 0x04]) {
            self = .hdr10Plus
        } else if rest.starts(with: [0x00, 0x3B]) {
            self = .dolbyVision
        } else {
            return nil
        }
    }

    /// The kind of an SEI message; `nil` for one that a decoder uses, or that does not describe the pictures.
    package init?(_ message: SEIMessage) {
        switch message.type {
        case 4:
            guard let extra = StreamExtra(registered: message.payload) else { return nil }
            self = extra
        case 19: self = .filmGrain
        case 45: self = .framePacking
        case 136: self = .timecodes
        default: return nil
        }
    }
}
