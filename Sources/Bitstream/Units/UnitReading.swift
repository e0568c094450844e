package import VideoTypes

/// What a unit of a stream is, as its bytes say.
package struct UnitSummary: Hashable, Sendable {
    /// Decoding can start with it.
    package var isKey = false
    /// It shows a picture, rather than only keeping one that others refer to.
    package var isShown = true
    /// It holds a picture at all.
    package var hasPicture = true
    /// It holds something beside what may come without a picture: parameter sets, information about pictures, delimiters
    /// and ends. Without a picture that is one whose type was changed.
    package var hasUnknown = false
    /// Pictures seem to be missing before it, by how they are numbered; nothing in the stream forbids that.
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

    /// A count of pictures, by which a recovery point says where pictures are right.
    package struct FrameNumber: Hashable, Sendable {
        /// `frame_num`, or `slice_pic_order_cnt_lsb`.
        package let value: Int
        /// `MaxFrameNum`, or `MaxPicOrderCntLsb`.
        package let modulus: Int
        /// Numbers say the order in which pictures are shown, and may leave some out. The default is that they count pictures
        /// that others refer to, one by one.
        package var isOrder = false

        /// Whether the picture has that number or, where numbers are an order, a later one.
        func reaches(_ number: Int) -> Bool {
            isOrder ? (value - number + modulus) % modulus < modulus / 2 : value == number
        }
    }

    /// What it has beside its picture.
    package var extras: Set<StreamExtra> = []

    /// A unit with a picture that is not a key picture.
    package init() {}
}

/// Says what the units of a stream are, and how to set up a decoder for them, one unit after the other.
package protocol UnitReading: Sendable {
    /// How to set up a decoder, as the bitstream has it at this point; `nil` until it says it.
    var decoderConfig: DecoderConfig? { get }
    /// The rate that the bitstream says; `nil` where it says none.
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
    /// None is said.
    package var framerate: FrameRate? { nil }
    /// Pictures are shown in the order in which they are.
    package var reorderDepth: Int { 0 }
    /// Every unit is a picture.
    package var mayHaveFields: Bool { false }
    /// There are none.
    package func parameterSets(of unit: [UInt8]) -> [UInt8] { [] }
}

/// What is known of a stream before its first unit.
package struct UnitReaderSetup: Hashable, Sendable {
    /// The codec.
    package var codec: VideoCodec
    /// The decoder configuration record of a stream with lengths before its NAL units, or AV1's `configOBUs`' record.
    package var description: [UInt8]?
    /// Whether ``UnitSummary/order`` is wanted, for which slices have to be read.
    package var needsOrder = false
    /// The size of the pictures as a container has it; `nil`, the default, where it has none. See
    /// ``SequenceParameterSet/shownSize(in:)``.
    package var containerSize: PictureSize?
    /// Whoever begins without an IDR picture (H.264) leaves out the pictures that are shown before the first, as they refer to
    /// others before it: no picture is missing where they would be.
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
