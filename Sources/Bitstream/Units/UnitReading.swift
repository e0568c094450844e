package import VideoTypes

/// What a unit of a stream is, read from its bytes.
package struct UnitSummary: Hashable, Sendable {
    /// Decoding can start with it.
    package var isKey = false
    /// It shows a picture, rather than only keeping one that others refer to.
    package var isShown = true
    /// It holds a picture at all.
    package var hasPicture = true
    /// It contains more than NAL units that may come without a picture (parameter sets, information about pictures, delimiters
    /// and ends). Without a picture, such a unit had its type changed.
    package var hasUnknown = false
    /// The numbering suggests that pictures are missing before it; valid streams may have such gaps.
    package var followsGap = false
    /// It refers to pictures before the point where the stream begins, so that no decoder shows it.
    package var isSkipped = false
    /// Where it is shown among the others; `nil` where that is where it is in the stream.
    package var order: PictureOrder?
    /// Decoding can begin with it in spite of ``isKey``; `nil` where it cannot, or where that is not known.
    package var entry: StreamEntry?
    /// `frame_num` (H.264) or the lowest bits of the order count (HEVC), and what they count modulo; `nil` where that is not
    /// known.
    package var frameNumber: FrameNumber?
    /// Other pictures may refer to it, as far as is known.
    package var isReference = true
    /// The stream's pictures refer to one other at most, which is the one before.
    package var hasOneReference = false

    /// A count of pictures, by which a recovery point specifies where pictures are correct.
    package struct FrameNumber: Hashable, Sendable {
        /// `frame_num`, or `slice_pic_order_cnt_lsb`.
        package let value: Int
        /// `MaxFrameNum`, or `MaxPicOrderCntLsb`.
        package let modulus: Int
        /// Numbers give the order in which pictures are shown, and may have gaps. The default is that they count pictures that
        /// others refer to, one by one.
        package var isOrder = false

        /// Whether the picture has that number or, where numbers are an order, a later one.
        func reaches(_ number: Int) -> Bool {
            isOrder ? (value - number + modulus) % modulus < modulus / 2 : value == number
        }
    }

    /// What it has in addition to its picture.
    package var extras: Set<StreamExtra> = []

    /// A unit with a picture that is not a key picture.
    package init() {}
}

/// Determines what each unit of a stream is, and how to set up a decoder for it, one unit after the other.
package protocol UnitReading: Sendable {
    /// How to set up a decoder, from the bitstream up to this point; `nil` until it is known.
    var decoderConfig: DecoderConfig? { get }
    /// The rate that the bitstream stores; `nil` without one.
    var framerate: FrameRate? { get }
    /// Pictures that may come before one that they are shown after.
    var reorderDepth: Int { get }
    /// A unit may be a field, two of which are a picture.
    var mayHaveFields: Bool { get }
    /// Reads the next unit.
    mutating func read(_ unit: [UInt8]) throws(BitstreamError) -> UnitSummary
    /// The parameter sets of a unit whose picture is not decoded, as they are in the stream: later units need them.
    func parameterSets(of unit: [UInt8]) -> [UInt8]
}

extension UnitReading {
    /// Formats without a rate use this.
    package var framerate: FrameRate? { nil }
    /// Pictures are shown in the order in which they are.
    package var reorderDepth: Int { 0 }
    /// Every unit is a picture.
    package var mayHaveFields: Bool { false }
    /// Formats without parameter sets use this.
    package func parameterSets(of unit: [UInt8]) -> [UInt8] { [] }
}

/// What is known of a stream before its first unit.
package struct UnitReaderSetup: Hashable, Sendable {
    /// The codec.
    package var codec: VideoCodec
    /// The decoder configuration record of a stream with lengths before its NAL units, or AV1's `configOBUs`' record.
    package var description: [UInt8]?
    /// Whether ``UnitSummary/order`` is needed, for which slices have to be read.
    package var needsOrder = false
    /// The size of the pictures as a container has it; `nil`, the default, where it has none. See
    /// ``SequenceParameterSet/shownSize(in:)``.
    package var containerSize: PictureSize?
    /// A reader that begins without an IDR picture (H.264) drops the pictures that are shown before the first, because they
    /// refer to earlier ones. They do not count as missing.
    package var mayLackLeading = false
    /// The frame rate, of which VP9's level is made.
    package var framerate: FrameRate?

    /// A setup with every default.
    package init(_ codec: VideoCodec) { self.codec = codec }

    /// A reader for the stream.
    package func makeReader() throws(BitstreamError) -> any UnitReading {
        switch codec {
        case .h264: try AVCUnitReader(self)
        case .hevc: try HEVCUnitReader(self)
        case .vp8, .vp9: VPXUnitReader(self)
        case .av1: try AV1UnitReader(self)
        }
    }
}
