internal import Bitstream
internal import CVPX
internal import VideoTypes

// What the picture is, and what the codec has room for.
extension VPXParameters {
    /// Throws if the codec cannot express the picture's size, color or transparency.
    static func checkPicture(_ config: ValidatedEncoderConfig) throws(EncoderConfigError) {
        let values = config.values
        if values.alpha == .keep, values.chroma != .yuv420 || values.bitDepth != 8 {
            throw .unsupported(
                "alpha needs 4:2:0 with 8 bits, but the picture is"
                    + " \(values.chroma.name) with \(values.bitDepth)"
            )
        }
        switch config.codec.codec {
        case .vp8: try checkVP8(config)
        case .vp9:
            _ = try colorSpace(of: values)
            try checkVP9(config)
        default: throw .unsupported("libvpx does not encode \(config.codec.codec.name)")
        }
    }

    /// libvpx's layers of VP9 have 4:2:0 frame headers whatever was asked for (found by `sluice probe`, with libvpx 1.12).
    private static func checkVP9(_ config: ValidatedEncoderConfig) throws(EncoderConfigError) {
        guard config.values.scalabilityMode == .l1t1 || config.values.chroma == .yuv420 else {
            throw .unsupported(
                "libvpx makes temporal layers of VP9 in 4:2:0 only, not in \(config.values.chroma.name) (use AV1 with libaom)"
            )
        }
    }

    private static func checkVP8(_ config: ValidatedEncoderConfig) throws(EncoderConfigError) {
        // RFC 6386 9.1: 14 bits a side.
        guard config.size.width < 1 << 14, config.size.height < 1 << 14 else {
            throw .unsupported("VP8 cannot store the size \(config.size) (at most 16383 a side)")
        }
        let color = config.values.colorSpace
        let matrices: [MatrixCoefficients] = [.smpte170m, .bt470bg, .unspecified]
        guard matrices.contains(color.matrix), !color.fullRange else {
            throw .unsupported(
                "VP8 cannot store the color \(color): it is BT.601 with limited range (use matrix smpte170m or bt470bg,"
                    + " and \(Setting.inputMatrix) \(color.matrix) to convert the samples)"
            )
        }
    }

    /// The color as the bitstream of VP9 stores it.
    static func colorSpace(of values: EncoderConfig) throws(EncoderConfigError) -> VP9ColorSpace {
        let color = values.colorSpace
        guard let space = VP9ColorSpace(matrix: color.matrix) else {
            throw .unsupported(
                "VP9 cannot store the matrix \(color.matrix) (use bt709, bt470bg, smpte170m, smpte240m, bt2020nc, rgb or"
                    + " unspecified)"
            )
        }
        guard space != .rgb || color.fullRange else {
            throw .unsupported("VP9 supports the matrix rgb only with full range")
        }
        return space
    }

    /// The tile columns of VP9 in powers of two: as many as keep the threads of a decoder busy, within the level.
    var defaultTileColumns: Int {
        let wanted =
            switch config.size.width {
            case ..<640: 0
            case ..<1280: 1
            case ..<2560: 2
            default: 3
            }
        let allowed = promisedLevel?.maxTileColumns ?? 16
        return max(
            Self.tileColumns(ofWidth: config.size.width).lowerBound,
            min(wanted, allowed.bitWidth - 1 - allowed.leadingZeroBitCount)
        )
    }

    /// The powers of two that a width allows: a tile is 256 to 4096 luma samples wide (VP9 specification, 7.2.12).
    static func tileColumns(ofWidth width: Int) -> ClosedRange<Int> {
        let blocks = (width + 63) / 64
        var (least, most) = (0, 0)
        while 64 << least < blocks { least += 1 }
        while blocks >> (most + 1) >= 4 { most += 1 }
        return least...max(least, most)
    }

    /// The level that a codec string promised.
    var promisedLevel: VP9Level? {
        guard case .vp9(let string) = config.codec, config.promisesLevel else { return nil }
        return VP9Level(number: string.level)
    }

    /// What the stream needs of its level.
    var levelNeeds: VP9LevelNeeds {
        let tiles = min(value(of: VP9E_SET_TILE_COLUMNS) ?? 0, Self.tileColumns(ofWidth: config.size.width).upperBound)
        return VP9LevelNeeds(
            size: config.size,
            framerate: config.levelFramerate,
            bitrate: bitrate,
            tileColumns: 1 << tiles
        )
    }

    /// The codec string: what was asked for, if it holds the stream, else the lowest level that does.
    func chooseString() throws(EncoderConfigError) -> VP9CodecString {
        if case .vp9(let string) = config.codec {
            guard let level = VP9Level(number: string.level) else {
                throw .unsupported("\(string) has a level that VP9 does not define")
            }
            try levelNeeds.check(level, of: string)
            return string
        }
        let needs = levelNeeds
        guard let level = needs.lowestLevel(atFirstOf: config.ratesForLevel) else { throw needs.refusal(by: .vp9) }
        let profile = Int(unsafe settings.g_profile)
        return VP9CodecString(
            profile: profile,
            level: level.number,
            bitDepth: config.values.bitDepth,
            format: chosenFormat
        )
    }

    /// Chroma and color, where leaving them out would mean others: 4:2:0 in BT.709.
    private var chosenFormat: VP9CodecString.Format? {
        let values = config.values
        guard values.chroma != .yuv420 || values.colorSpace != .bt709 else { return nil }
        let chroma = VP9CodecString.Chroma(values.chroma, at: values.chromaLocation)
        let format = VP9CodecString.Format(chroma: chroma, color: values.colorSpace)
        // Codes that the string has no place for, such as reserved ones, are left to the container.
        let string = VP9CodecString(profile: values.chroma == .yuv420 ? 0 : 1, level: 10, bitDepth: 8, format: format)
        return VP9CodecString(string.description) == nil ? nil : format
    }
}

/// How many threads are worth their while.
enum VPXThreads {
    /// No more threads than cores, but for the second: with two threads or more, the bytes do not depend on how many.
    static func count(for size: PictureSize) -> Int {
        let samples = size.width * size.height
        let useful =
            switch samples {
            case ..<(960 * 540): 2
            case ..<(1920 * 1080): 4
            case ..<(2560 * 1440): 8
            default: 16
            }
        return max(2, min(useful, cores))
    }

    private static var cores: Int { max(1, Int(cvpx_core_count())) }
}
