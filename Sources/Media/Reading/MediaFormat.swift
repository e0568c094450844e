internal import Bitstream
internal import LibAV
package import VideoTypes

/// How the chunks of a stream are laid out in a file.
public enum MediaFormat: String, CaseIterable, Hashable, Sendable {
    /// One of the others, detected from the first bytes. Not ``avcc``, which has no signature.
    case auto
    /// H.264 or HEVC with start codes.
    case annexb
    /// H.264 or HEVC with lengths; the parameter sets are in a separate description.
    case avcc
    /// IVF with VP8, VP9 or AV1.
    case ivf
    /// AV1's low-overhead format.
    case obu
    /// AV1's length-delimited format.
    case obuAnnexB = "obu-annexb"
    /// Pictures, one after another: PNG, JPEG, BMP, WebP, TIFF, DPX or OpenEXR.
    case pictures
    /// Any container that libavformat reads.
    case media
}

/// What a file is, as its first bytes have it.
package struct MediaGuess: Equatable {
    package var format: MediaFormat
    package var codec: VideoCodec?

    /// Enough to tell the formats apart.
    package static let magicLength = 32

    /// Always a guess: anything unknown may be a container.
    package init(beginningWith start: [UInt8]) {
        if Self.isBox(start) {
            self.init(.media)
        } else if let stream = LayeredStream(beginningWith: start) {
            switch stream {
            case .ivf: self.init(.ivf)
            case .obu: self.init(.obu, .av1)
            case .annexB: self = Self.annexB(start)
            }
        } else {
            self = Self.isLengthDelimited(start) ? MediaGuess(.obuAnnexB, .av1) : Self.pictures(start)
        }
    }

    private static func pictures(_ start: [UInt8]) -> MediaGuess {
        PictureFormat(beginningWith: start) == nil ? MediaGuess(.media) : MediaGuess(.pictures)
    }

    /// Whether bytes begin as something coded, rather than as frames might.
    static func isCertain(_ start: [UInt8]) -> Bool {
        if isBox(start) { return !FileSignature.isStillPicture(start) }
        let format = MediaGuess(beginningWith: start).format
        guard format == .media else { return format != .pictures }
        // Text that refers to other files is refused with the name of its format, not read as frames.
        if ReferringFormat(beginningWith: start) != nil { return true }
        // A transport stream of a few packets.
        return FileSignature.isContainer(start) || [[0x47, 0x40], [0x47, 0x41]].contains { start.starts(with: $0) }
    }

    private init(_ format: MediaFormat, _ codec: VideoCodec? = nil) { (self.format, self.codec) = (format, codec) }

    /// A box of ISO/IEC 14496-12, whose length may look like a start code.
    private static func isBox(_ start: [UInt8]) -> Bool {
        let types = ["ftyp", "styp", "moov", "moof", "mdat", "free", "skip", "wide", "sidx", "pnot", "uuid"]
        return start.count >= 8 && types.contains(String(decoding: start[4..<8], as: UTF8.self))
    }

    /// The NAL unit types that streams begin with; MPEG program streams and others have start codes as well.
    private static func annexB(_ start: [UInt8]) -> MediaGuess {
        guard let header = AnnexB.split(start).first, let first = header.first, first & 0x80 == 0 else {
            return MediaGuess(.media)
        }
        // Layer 0 and temporal layer 0, in HEVC's second byte: VPS, SPS, PPS, delimiter, prefix SEI.
        if [0x40, 0x42, 0x44, 0x46, 0x4E].contains(first), header.dropFirst().first == 1 {
            return MediaGuess(.annexb, .hevc)
        }
        return [1, 5, 6, 7, 8, 9].contains(NALUnitType(firstByte: first).rawValue)
            ? MediaGuess(.annexb, .h264) : MediaGuess(.media)
    }

    /// A temporal unit, a frame unit in it, and in that a temporal delimiter without or with a size of its own.
    private static func isLengthDelimited(_ start: [UInt8]) -> Bool {
        var (rest, outer) = (start[...], Int.max)
        for field in ["temporal_unit_size", "frame_unit_size", "obu_length"] {
            guard let (size, length) = try? LEB128.read(rest, field), size > 0, size <= outer else { return false }
            (rest, outer) = (rest.dropFirst(length), size)
        }
        return outer == 1 ? rest.first == 0x10 : outer == 2 && rest.starts(with: [0x12, 0x00])
    }
}
