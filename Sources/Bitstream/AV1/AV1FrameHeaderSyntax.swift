internal import VideoTypes

/// Reads one `uncompressed_header()` (AV1 5.9.2).
struct AV1FrameHeaderSyntax {
    private var reader: BitReader
    private let obu: OBU
    private let sequence: AV1SequenceHeader
    private let slots: [AV1FrameHeaderReader.Slot?]

    private var header = AV1FrameHeader()
    private var type = AV1FrameHeader.FrameType.key
    private var disablesCDFUpdate = false
    private var allowsScreenContentTools = false
    private var forcesIntegerMotionVectors = false
    private var overridesSize = false
    /// The width that is coded, which superres scales up.
    private var codedWidth = 0

    init(_ obu: OBU, sequence: AV1SequenceHeader, slots: [AV1FrameHeaderReader.Slot?]) {
        (self.obu, self.sequence, self.slots) = (obu, sequence, slots)
        reader = BitReader(obu.payload)
    }

    mutating func read() throws(BitstreamError) -> AV1FrameHeader {
        if try reader.flag("show_existing_frame", if: !sequence.hasReducedHeader) { return try readExisting() }
        try readType()
        header.type = type
        try readToolsAndOrder()
        try readRefresh()
        guard try readSizeAndReferences() else { return header }
        if !sequence.hasReducedHeader, !disablesCDFUpdate { _ = try reader.flag("disable_frame_end_update_cdf") }
        guard let height = header.size?.height else { return header }
        let tiles = try AV1TileInfo(
            &reader,
            width: codedWidth,
            height: height,
            usesLargeSuperblocks: sequence.usesLargeSuperblocks
        )
        header.tiles = .init(columns: tiles.columns, rows: tiles.rows, numberBits: tiles.numberBits)
        header.baseQuantizerIndex = try reader.bits(8, "base_q_idx")
        return header
    }

    private mutating func readExisting() throws(BitstreamError) -> AV1FrameHeader {
        let slot = slots[try reader.bits(3, "frame_to_show_map_idx")]
        (header.showsExisting, header.type, header.size) = (true, slot?.type, slot?.size)
        (header.baseQuantizerIndex, header.orderHint) = (slot?.quantizerIndex, slot?.orderHint)
        // Showing a key frame again resets all references to it (7.21).
        header.refreshFlags = slot?.type == .key ? 0xFF : 0
        return header
    }

    private mutating func readType() throws(BitstreamError) {
        guard !sequence.hasReducedHeader else {
            header.isErrorResilient = true
            return
        }
        type = AV1FrameHeader.FrameType(rawValue: try reader.bits(2, "frame_type")) ?? .key
        header.isShown = try reader.flag("show_frame")
        if header.isShown {
            if let model = sequence.decoderModel, !sequence.hasEqualPictureInterval {
                _ = try reader.bits(model.framePresentationTimeLength, "frame_presentation_time")
            }
        } else {
            _ = try reader.flag("showable_frame")
        }
        let isAlways = type == .switching || (type == .key && header.isShown)
        header.isErrorResilient = try isAlways ? true : reader.flag("error_resilient_mode")
    }

    private mutating func readToolsAndOrder() throws(BitstreamError) {
        disablesCDFUpdate = try reader.flag("disable_cdf_update")
        allowsScreenContentTools = try choice(sequence.screenContentTools, "allow_screen_content_tools")
        if allowsScreenContentTools {
            forcesIntegerMotionVectors = try choice(sequence.integerMotionVectors, "force_integer_mv")
        }
        if let bits = sequence.frameIDBits { _ = try reader.bits(bits.id, "current_frame_id") }
        overridesSize = type == .switching
        if !overridesSize {
            overridesSize = try reader.flag("frame_size_override_flag", if: !sequence.hasReducedHeader)
        }
        let hint = try reader.bits(sequence.orderHintBits, "order_hint")
        header.orderHint = sequence.orderHintBits > 0 ? hint : nil
        if !type.isIntra, !header.isErrorResilient { _ = try reader.bits(3, "primary_ref_frame") }
        if let model = sequence.decoderModel, try reader.flag("buffer_removal_time_present_flag") {
            for point in sequence.operatingPoints where point.hasDecoderModel && isInside(point) {
                _ = try reader.bits(model.bufferRemovalTimeLength, "buffer_removal_time")
            }
        }
    }

    private mutating func choice(
        _ choice: AV1SequenceHeader.PerSequence,
        _ field: String
    ) throws(BitstreamError) -> Bool {
        switch choice {
        case .always(let value): value
        case .perFrame: try reader.flag(field)
        }
    }

    /// The frame's layer is one of the operating point's.
    private func isInside(_ point: AV1SequenceHeader.OperatingPoint) -> Bool {
        let isTemporal = point.idc >> obu.temporalID & 1 == 1
        let isSpatial = point.idc >> ((obu.layer?.spatialID ?? 0) + 8) & 1 == 1
        return point.idc == 0 || (isTemporal && isSpatial)
    }

    private mutating func readRefresh() throws(BitstreamError) {
        let isAlways = type == .switching || (type == .key && header.isShown)
        header.refreshFlags = try isAlways ? 0xFF : reader.bits(8, "refresh_frame_flags")
        let hasHints = !type.isIntra || header.refreshFlags != 0xFF
        guard hasHints, header.isErrorResilient, sequence.orderHintBits > 0 else { return }
        for _ in 0..<8 { _ = try reader.bits(sequence.orderHintBits, "ref_order_hint") }
    }

    /// Whether the size is known, without which nothing after it can be read.
    private mutating func readSizeAndReferences() throws(BitstreamError) -> Bool {
        guard !type.isIntra else {
            try readFrameAndRenderSize()
            if allowsScreenContentTools, codedWidth == header.size?.width { _ = try reader.flag("allow_intrabc") }
            return true
        }
        let references = try readReferences()
        if overridesSize, !header.isErrorResilient {
            guard try readSize(from: references) else { return false }
        } else {
            try readFrameAndRenderSize()
        }
        if !forcesIntegerMotionVectors { _ = try reader.flag("allow_high_precision_mv") }
        if try !reader.flag("is_filter_switchable") { _ = try reader.bits(2, "interpolation_filter") }
        _ = try reader.flag("is_motion_mode_switchable")
        if !header.isErrorResilient, sequence.enablesReferenceMotionVectors {
            _ = try reader.flag("use_ref_frame_mvs")
        }
        return true
    }

    /// `ref_frame_idx` of the 7 references; `nil` where the decoder works them out from order hints.
    private mutating func readReferences() throws(BitstreamError) -> [Int]? {
        let isShort = try reader.flag("frame_refs_short_signaling", if: sequence.orderHintBits > 0)
        if isShort { _ = try reader.bits(6, "last_frame_idx") }
        var references: [Int] = []
        for _ in 0..<7 {
            if !isShort { references.append(try reader.bits(3, "ref_frame_idx")) }
            if let bits = sequence.frameIDBits { _ = try reader.bits(bits.delta, "delta_frame_id_minus_1") }
        }
        return isShort ? nil : references
    }

    /// `frame_size_with_refs()`: whether the frame that has the size is known.
    private mutating func readSize(from references: [Int]?) throws(BitstreamError) -> Bool {
        for index in 0..<7 where try reader.flag("found_ref") {
            guard let references, let size = slots[references[index]]?.size else { return false }
            header.size = size
            try readSuperres(size)
            return true
        }
        try readFrameAndRenderSize()
        return true
    }

    private mutating func readFrameAndRenderSize() throws(BitstreamError) {
        var size = PictureSize(width: sequence.maxFrameWidth, height: sequence.maxFrameHeight)
        if overridesSize {
            size.width = try reader.bits(sequence.frameSizeBits.width, "frame_width_minus_1") + 1
            size.height = try reader.bits(sequence.frameSizeBits.height, "frame_height_minus_1") + 1
        }
        header.size = size
        try readSuperres(size)
        if try reader.flag("render_and_frame_size_different") { _ = try reader.bits(32, "render_width_minus_1") }
    }

    private mutating func readSuperres(_ size: PictureSize) throws(BitstreamError) {
        codedWidth = size.width
        guard sequence.enablesSuperres, try reader.flag("use_superres") else { return }
        let denominator = try reader.bits(3, "coded_denom") + 9
        codedWidth = (size.width * 8 + denominator / 2) / denominator
    }
}

/// `tile_info()` (AV1 5.9.15).
struct AV1TileInfo {
    private(set) var columns = 0
    private(set) var rows = 0
    private(set) var numberBits = 0

    init(_ reader: inout BitReader, width: Int, height: Int, usesLargeSuperblocks: Bool) throws(BitstreamError) {
        let side = usesLargeSuperblocks ? 7 : 6
        // Superblocks cover the frame in whole 8x8 blocks (compute_image_size, 7.20).
        let wide = ((width + 7) & ~7 + 1 << side - 1) >> side
        let high = ((height + 7) & ~7 + 1 << side - 1) >> side
        let maxWidth = 4096 >> side
        let minColumnsLog2 = Self.log2(maxWidth, wide)
        let minTilesLog2 = max(minColumnsLog2, Self.log2((4096 * 2304) >> (2 * side), wide * high))
        let (columnsLog2, rowsLog2): (Int, Int)
        if try reader.flag("uniform_tile_spacing_flag") {
            columnsLog2 = try Self.increments(&reader, from: minColumnsLog2, to: Self.log2(1, min(wide, 64)))
            columns = Self.count(wide, log2: columnsLog2)
            let least = max(minTilesLog2 - columnsLog2, 0)
            rowsLog2 = try Self.increments(&reader, from: least, to: Self.log2(1, min(high, 64)))
            rows = Self.count(high, log2: rowsLog2)
        } else {
            let widths = try Self.sizes(&reader, of: wide, atMost: maxWidth)
            let area = minTilesLog2 > 0 ? (wide * high) >> (minTilesLog2 + 1) : wide * high
            let heights = try Self.sizes(&reader, of: high, atMost: max(area / max(1, widths.max() ?? 1), 1))
            (columns, rows) = (widths.count, heights.count)
            (columnsLog2, rowsLog2) = (Self.log2(1, columns), Self.log2(1, rows))
        }
        numberBits = columnsLog2 + rowsLog2
        guard numberBits > 0 else { return }
        _ = try reader.bits(numberBits, "context_update_tile_id")
        _ = try reader.bits(2, "tile_size_bytes_minus_1")
    }

    /// `tile_log2()`: the smallest power by which `block` reaches `target`.
    private static func log2(_ block: Int, _ target: Int) -> Int {
        var power = 0
        while block << power < target { power += 1 }
        return power
    }

    private static func increments(
        _ reader: inout BitReader,
        from least: Int,
        to most: Int
    ) throws(BitstreamError) -> Int {
        var value = least
        while value < most, try reader.flag("increment_tile_cols_log2") { value += 1 }
        return value
    }

    private static func count(_ superblocks: Int, log2: Int) -> Int {
        let size = (superblocks + 1 << log2 - 1) >> log2
        return (superblocks + size - 1) / size
    }

    private static func sizes(
        _ reader: inout BitReader,
        of superblocks: Int,
        atMost limit: Int
    ) throws(BitstreamError) -> [Int] {
        var (left, sizes) = (superblocks, [Int]())
        while left > 0 {
            sizes.append(try reader.nonSymmetric(min(left, limit), "width_in_sbs_minus_1") + 1)
            left -= sizes[sizes.count - 1]
        }
        return sizes
    }
}
