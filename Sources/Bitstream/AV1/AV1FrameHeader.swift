package import VideoTypes

/// The fields of `uncompressed_header()` up to the quantizer (AV1 5.9.2).
package struct AV1FrameHeader: Hashable, Sendable {
    /// `frame_type` (AV1 6.8.2).
    package enum FrameType: Int, Hashable, Sendable {
        case key, inter, intraOnly, switching

        /// `FrameIsIntra`.
        package var isIntra: Bool { self == .key || self == .intraOnly }
    }

    /// The tiles of a frame.
    package struct Tiles: Hashable, Sendable {
        /// `TileCols`.
        package let columns: Int
        /// `TileRows`.
        package let rows: Int
        /// `TileColsLog2 + TileRowsLog2`: bits of a tile's number.
        let numberBits: Int
    }

    /// `show_existing_frame`: an older frame is shown, and none is decoded.
    package var showsExisting = false
    /// `frame_type`; of the older frame if one is shown, and `nil` if that one is not known.
    package var type: FrameType?
    /// `show_frame`, or `show_existing_frame`.
    package var isShown = true
    /// `error_resilient_mode`.
    package var isErrorResilient = false
    /// `refresh_frame_flags`: a bit for each of the 8 slots that the frame is kept in.
    package var refreshFlags = 0
    /// `order_hint`: the lowest bits of the frame's place in output order; `nil` if the sequence has none.
    package var orderHint: Int?
    /// `UpscaledWidth` and `FrameHeight`; `nil` if frames that are not known tell them.
    package var size: PictureSize?
    /// The tiles; `nil` if the header could not be read that far.
    package var tiles: Tiles?
    /// `base_q_idx`, `0...255`; of the older frame if one is shown, and `nil` if the header could not be read that far.
    package var baseQuantizerIndex: Int?

    /// The frame is shown, and decoding can start with it (AV1 7.21 wants a shown key frame).
    package var isShownKey: Bool { type == .key && isShown && !showsExisting }
}

/// Reads the frame headers of a stream one after the other, keeping of the frames before what the syntax needs.
package struct AV1FrameHeaderReader: Sendable {
    /// What a slot remembers of its frame.
    struct Slot: Sendable {
        let type: AV1FrameHeader.FrameType
        let size: PictureSize?
        let quantizerIndex: Int?
        let orderHint: Int?
    }

    /// The last sequence header.
    package private(set) var sequenceHeader: AV1SequenceHeader?
    private var slots = [Slot?](repeating: nil, count: 8)

    /// A reader at the start of a stream.
    package init() {}

    /// Takes the next OBU.
    ///
    /// - Returns: The frame header in it, if there is one that is not a repetition.
    package mutating func read(_ obu: OBU) throws(BitstreamError) -> AV1FrameHeader? {
        if obu.type == .sequenceHeader {
            sequenceHeader = try AV1SequenceHeader(parsing: obu.payload)
            return nil
        }
        guard obu.type.beginsFrame else { return nil }
        guard let sequenceHeader else {
            let what = "a frame before the first sequence header"
            throw BitstreamError(.invalid, what, at: .byte(0), expected: "a sequence header")
        }
        var syntax = AV1FrameHeaderSyntax(obu, sequence: sequenceHeader, slots: slots)
        let header = try syntax.read()
        keep(header)
        return header
    }

    /// Takes all OBUs of a temporal unit.
    package mutating func read(_ unit: AV1TemporalUnit) throws(BitstreamError) -> [AV1FrameHeader] {
        var headers: [AV1FrameHeader] = []
        for obu in unit.obus {
            if let header = try read(obu) { headers.append(header) }
        }
        return headers
    }

    private mutating func keep(_ header: AV1FrameHeader) {
        let kept = header.type.map {
            Slot(
                type: $0,
                size: header.size,
                quantizerIndex: header.baseQuantizerIndex,
                orderHint: header.orderHint
            )
        }
        for slot in slots.indices where header.refreshFlags >> slot & 1 == 1 { slots[slot] = kept }
    }
}
