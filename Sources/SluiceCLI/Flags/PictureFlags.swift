internal import ArgumentParser
internal import Sluice

struct PictureFlags: ParsableArguments {
    @Option(
        help: "Size to scale the picture to.",
        transform: expecting("WIDTHxHEIGHT, such as 1920x1080, with sides of 1 to 16384")
    )
    var scale: PictureSize?

    @Option(help: "What to do about an odd width or height, which H.264 and HEVC cannot say in 4:2:0.")
    var oddSize = OddSizePolicy.refuse

    @Option(
        help: "Chroma of the coded picture. (default: 420, unless the codec string asks for more and the input has it)"
    )
    var chroma: ChromaSubsampling?

    @Option(
        help:
            "Bits of a coded sample: 8, 10 or 12. (default: as the codec string says; else 8 for H.264 and VP8, and for the other codecs 8, or 10 for deeper input)",
        transform: expecting("8, 10 or 12")
    )
    var bitDepth: Int?

    @Option(help: "Whether transparency is kept, for VP8 and VP9 in WebM or MKV.")
    var alpha = AlphaOption.discard

    @Option(
        help: ArgumentHelp("The color behind transparent input, where alpha is discarded.", valueName: "rrggbb"),
        transform: expecting("six hexadecimal digits, such as 00FF7F")
    )
    var background: RGBColor?

    @Flag(help: "The input's colors are multiplied by its alpha already.")
    var premultiplied = false

    @Option(
        help:
            "Degrees clockwise by which a player is to turn the picture; written, not done: MP4, MKV, WebM, --chunks. (default: as the input says, else 0)"
    )
    var rotation: Orientation.Rotation?

    @Flag(
        inversion: .prefixedNo,
        help:
            "A player is to mirror the picture, left to right, after turning it; written, not done, as --rotation. (default: as the input says)"
    )
    var flip: Bool?

    @Option(
        help: ArgumentHelp(
            "The mastering display, for HDR10, as x265 has it: G(x,y)B(x,y)R(x,y)WP(x,y)L(max,min).",
            valueName: "display"
        ),
        transform: expecting("G(x,y)B(x,y)R(x,y)WP(x,y)L(max,min), in 1/50000 and 1/10000 cd/m²")
    )
    var masteringDisplay: MasteringDisplay?

    @Option(
        help: ArgumentHelp("The brightest pixel and the brightest picture, in cd/m².", valueName: "cll,fall"),
        transform: expecting("two whole numbers of 0 to 65535, such as 1000,400")
    )
    var maxCll: ContentLightLevel?

    @Option(
        help: "Size at which the picture is to be shown, as its sample aspect ratio.",
        transform: expecting("WIDTHxHEIGHT, such as 1920x1080, with sides of 1 to 16384")
    )
    var displaySize: PictureSize?

    @Option(help: "Color primaries, by their WebCodecs name or H.273 number; written, not converted.")
    var colorPrimaries: ColorPrimaries?

    @Option(help: "Transfer characteristics; written, not converted.")
    var colorTransfer: TransferCharacteristics?

    @Option(
        help:
            "Matrix: RGB is converted with it, YUV is taken to have it; rgb codes RGB as it is, in 4:4:4. (default: bt709 for RGB, rgb with --lossless)"
    )
    var colorMatrix: MatrixCoefficients?

    @Option(help: "Range: RGB is converted to it, YUV is taken to have it. (default: limited)")
    var colorRange: ColorRange?

    @Option(help: "Where 4:2:0 chroma is sited: RGB is converted to it, YUV is taken to have it. (default: left)")
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

    /// Adds what the flags say of the picture to the encoder's settings.
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
