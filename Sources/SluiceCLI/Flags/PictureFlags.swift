internal import ArgumentParser
internal import Sluice

struct PictureFlags: ParsableArguments {
    @Option(
        help: "Size to scale the picture to.",
        transform: expecting("WIDTHxHEIGHT, such as 1920x1080, with sides of 1 to 16384")
    )
    var scale: PictureSize?

    @Option(
        help:
            "Frames a second of the output: frames are dropped and repeated. Each shows the last frame whose time, rounded to a frame of the output, is not after it.",
        transform: expecting("frames a second, 10000 at the most, such as 30, 30000/1001 or 23.976")
    )
    var framerateOfOutput: FrameRate?

    @Option(help: "How to handle an odd width or height, which 4:2:0 in H.264 and HEVC does not support.")
    var oddSize = OddSizePolicy.refuse

    @Option(
        help:
            "Chroma subsampling of the coded picture. (default: 420, unless both the codec string and the input have more)"
    )
    var chroma: ChromaSubsampling?

    @Option(
        help:
            "Bits of a coded sample: 8, 10 or 12. (default: from the codec string; else 8 for H.264 and VP8, and for the other codecs 8, or 10 for deeper input)",
        transform: expecting("8, 10 or 12")
    )
    var bitDepth: Int?

    @Option(help: "Whether to keep transparency: VP8 and VP9 in WebM or MKV.")
    var alpha = AlphaOption.discard

    @Option(
        help: ArgumentHelp(
            "The background of transparent input, if alpha is discarded. (default: transparency is ignored)",
            valueName: "rrggbb"
        ),
        transform: expecting("six hexadecimal digits, such as 00FF7F")
    )
    var background: RGBColor?

    @Flag(
        help:
            "The colors of the input are already multiplied by its alpha. (default: those of OpenEXR, and of TIFF that is marked so, are)"
    )
    var premultiplied = false

    @Option(
        help:
            "Clockwise rotation by the player, in degrees. Stored as metadata (MP4, MOV, MKV, WebM, --chunks); pixels are not rotated. (default: from the input, else 0)"
    )
    var rotation: Orientation.Rotation?

    @Flag(
        inversion: .prefixedNo,
        help:
            "Horizontal mirroring by the player, after the rotation. Stored as metadata, like --rotation. (default: from the input)"
    )
    var flip: Bool?

    @Option(
        help: ArgumentHelp(
            "The mastering display for HDR10, in the syntax of x265: G(x,y)B(x,y)R(x,y)WP(x,y)L(max,min).",
            valueName: "display"
        ),
        transform: expecting("G(x,y)B(x,y)R(x,y)WP(x,y)L(max,min), in 1/50000 and 1/10000 cd/m²")
    )
    var masteringDisplay: MasteringDisplay?

    @Option(
        help: ArgumentHelp(
            "MaxCLL and MaxFALL for HDR10: the brightest pixel, and the brightest average of a picture, in cd/m².",
            valueName: "cll,fall"
        ),
        transform: expecting("two whole numbers of 0 to 65535, such as 1000,400")
    )
    var maxCll: ContentLightLevel?

    @Option(
        help: "Display size of the picture, stored as a sample aspect ratio.",
        transform: expecting("WIDTHxHEIGHT, such as 1920x1080, with sides of 1 to 16384")
    )
    var displaySize: PictureSize?

    @Option(
        help:
            "Color primaries, as a WebCodecs name or H.273 number. Converted to them if the input is tagged with others, or --input-primaries tells them; else only stored."
    )
    var colorPrimaries: ColorPrimaries?

    @Option(
        help:
            "Transfer characteristics. Converted to them if the input is tagged with others, or --input-transfer tells them; else only stored."
    )
    var colorTransfer: TransferCharacteristics?

    @Option(
        help:
            "Matrix: RGB is converted with it, YUV is assumed to have it; rgb codes RGB unchanged, in 4:4:4. (default: bt709 for RGB, bt2020-ncl if its primaries are BT.2020, rgb with --lossless)"
    )
    var colorMatrix: MatrixCoefficients?

    @Option(help: "Range: RGB is converted to it, YUV is assumed to have it. (default: limited)")
    var colorRange: ColorRange?

    @Option(
        help: "Position of 4:2:0 chroma samples: RGB is converted to it, YUV is assumed to have it. (default: left)"
    )
    var chromaLocation: ChromaSiting?

    var picture: PictureOptions {
        var options = PictureOptions()
        options.scale = scale
        options.oddSize = oddSize
        options.chroma = chroma
        options.bitDepth = bitDepth
        options.background = background
        options.isPremultiplied = premultiplied
        options.displaySize = displaySize
        (options.rotation, options.flip) = (rotation, flip)
        return options
    }

    /// Applies the picture flags to the encoder's settings.
    func apply(to config: inout EncoderConfig) {
        config.alpha = alpha
        config.masteringDisplay = masteringDisplay
        config.contentLightLevel = maxCll
    }

    var color: ColorOptions {
        var options = ColorOptions()
        options.primaries = colorPrimaries
        options.transfer = colorTransfer
        options.matrix = colorMatrix
        options.fullRange = colorRange.map { $0 == .full }
        options.chromaLocation = chromaLocation?.location
        return options
    }
}
