internal import Bitstream
internal import CAOM
internal import EncoderCore
internal import VideoTypes

// What libaom is told by controls rather than by its configuration.
extension AOMParameters {
    /// All controls, in the order in which they are set; the user's options come after them.
    func controls(_ tiles: AOMTiles) throws(EncoderError) -> [AOMControl] {
        let speed: Int
        do throws(EncoderConfigError) { speed = try config.speed } catch { throw .config(error) }
        return [
            AOMControl("cpu-used", AOME_SET_CPUUSED, speed),
            AOMControl("row-mt", AV1E_SET_ROW_MT, 1),
            AOMControl("tile-columns", AV1E_SET_TILE_COLUMNS, tiles.columnsLog2),
            AOMControl("tile-rows", AV1E_SET_TILE_ROWS, tiles.rowsLog2),
        ] + colorControls + rateControls + (config.isRealtime ? realtimeControls : []) + hintControls
    }

    /// The tuning of libaom for the kind of pictures; for a screen that turns on palettes and intra block copy.
    private var hintControls: [AOMControl] {
        guard let hint = config.values.contentHint else { return [] }
        let content =
            switch hint {
            case .text: AOM_CONTENT_SCREEN
            case .detail: AOM_CONTENT_FILM
            case .motion: AOM_CONTENT_DEFAULT
            }
        return [AOMControl("tune-content", AV1E_SET_TUNE_CONTENT, Int(content.rawValue))]
    }

    private var colorControls: [AOMControl] {
        let color = config.values.colorSpace
        var controls = [
            AOMControl("color-primaries", AV1E_SET_COLOR_PRIMARIES, Int(color.primaries.rawValue)),
            AOMControl("transfer", AV1E_SET_TRANSFER_CHARACTERISTICS, Int(color.transfer.rawValue)),
            AOMControl("matrix", AV1E_SET_MATRIX_COEFFICIENTS, Int(color.matrix.rawValue)),
            AOMControl("color-range", AV1E_SET_COLOR_RANGE, color.fullRange ? 1 : 0),
        ]
        if config.values.chroma == .yuv420, !isMonochrome {
            let position = codec.format?.chromaSamplePosition ?? config.values.chromaLocation.av1Position
            controls.append(AOMControl("chroma-sample-position", AV1E_SET_CHROMA_SAMPLE_POSITION, position))
        }
        return controls
    }

    private var rateControls: [AOMControl] {
        switch config.rateControl {
        case .quality(let quality):
            [
                AOMControl(
                    "cq-level",
                    AOME_SET_CQ_LEVEL,
                    quality.map { Int($0) } ?? ValidatedEncoderConfig.defaultQuality
                )
            ]
        case .quantizer(let quantizer):
            // Whatever moves the quantizer from block to block or from frame to frame is off.
            [
                AOMControl("cq-level", AOME_SET_CQ_LEVEL, quantizer),
                AOMControl("aq-mode", AV1E_SET_AQ_MODE, 0),
                AOMControl("deltaq-mode", AV1E_SET_DELTAQ_MODE, 0),
            ] + (config.values.lossless ? [AOMControl("lossless", AV1E_SET_LOSSLESS, 1)] : [])
        case .constant, .variable: []
        }
    }

    /// The tools that realtime at this speed has no time for, after libwebrtc's `libaom_av1_encoder.cc`.
    private var realtimeControls: [AOMControl] {
        var controls = [
            AOMControl("enable-global-motion", AV1E_SET_ENABLE_GLOBAL_MOTION, 0),
            AOMControl("enable-warped-motion", AV1E_SET_ENABLE_WARPED_MOTION, 0),
            AOMControl("enable-obmc", AV1E_SET_ENABLE_OBMC, 0),
            AOMControl("enable-tpl-model", AV1E_SET_ENABLE_TPL_MODEL, 0),
            AOMControl("deltaq-mode", AV1E_SET_DELTAQ_MODE, 0),
            AOMControl("enable-restoration", AV1E_SET_ENABLE_RESTORATION, 0),
            AOMControl("enable-cdef", AV1E_SET_ENABLE_CDEF, 1),
        ]
        if case .quantizer = config.rateControl { return controls }
        controls.append(AOMControl("aq-mode", AV1E_SET_AQ_MODE, 3))
        return controls
    }
}

/// How a frame is cut for threads that work side by side.
struct AOMTiles: Hashable {
    let columnsLog2: Int
    let rowsLog2: Int

    /// The user's value, or one that fits the size. Not the number of cores: the same settings must give the same bytes on
    /// every machine.
    init(_ config: ValidatedEncoderConfig) throws(EncoderConfigError) {
        columnsLog2 = try Self.option("tile-columns", config) ?? (config.size.width >= 1280 ? 1 : 0)
        rowsLog2 = try Self.option("tile-rows", config) ?? 0
    }

    private static func option(_ key: String, _ config: ValidatedEncoderConfig) throws(EncoderConfigError) -> Int? {
        guard let option = config.values.encoderOptions.last(where: { $0.key == key }) else { return nil }
        guard let value = Int(option.value), (0...6).contains(value) else {
            throw .malformed(field: "encoder option \(key)", value: option.value, expected: "0...6")
        }
        return value
    }

    /// How many threads libaom may use. Its bytes are the same for every number from 2 on, and others for 1, where it may
    /// search modes in ways that threads could not share.
    static func threads(_ config: ValidatedEncoderConfig) -> Int {
        config.values.threads ?? min(16, max(2, CodecRoom.usableCores))
    }

    /// Columns of a frame of this width; a superblock is 64 samples or 128.
    func columns(width: Int) -> Int { min(1 << columnsLog2, max(1, (width + 63) / 64)) }

    /// Rows of a frame of this height.
    func rows(height: Int) -> Int { min(1 << rowsLog2, max(1, (height + 63) / 64)) }
}
