internal import ArgumentParser
internal import Sluice

/// What is done with pictures before they are converted for the encoder, in the order of the flags.
struct FilterFlags: ParsableArguments {
    @Flag(
        help: "Make one picture of both fields of each frame (bwdif), whether the input is marked as interlaced or not."
    )
    var deinterlace = false

    @Flag(help: "Reduce noise (hqdn3d).")
    var denoise = false

    @Option(
        help: ArgumentHelp(
            "Keep this part of the picture; auto: without the black borders that the first frames of a file have.",
            valueName: "WxH+X+Y|auto"
        ),
        transform: expecting("WIDTHxHEIGHT+X+Y, such as 1920x800+0+140, or auto")
    )
    var crop: CropRequest?

    @Option(
        help: ArgumentHelp(
            "Filters of libavfilter, as ffmpeg -vf takes them; size, rate, times and color of the output follow from them.",
            valueName: "graph"
        )
    )
    var filter: String?

    @Option(help: "Map the brightness of PQ or HLG to BT.709.")
    var toneMap: ToneMapping?

    @Option(
        help: "Scale the picture into this size and keep its shape, with black borders where it does not fill it.",
        transform: expecting("WIDTHxHEIGHT, such as 1920x1080, with sides of 1 to 16384")
    )
    var fit: PictureSize?

    @Option(
        help: ArgumentHelp(
            "Extend the picture to this size by black borders; in the middle, or at a place.",
            valueName: "WxH[+X+Y]"
        ),
        transform: expecting("WIDTHxHEIGHT or WIDTHxHEIGHT+X+Y, such as 1920x1080+0+140")
    )
    var pad: PictureArea?

    @Option(help: "Primaries of the input, if it is not tagged with them: --color-primaries converts them.")
    var inputPrimaries: ColorPrimaries?

    @Option(help: "Transfer of the input, linear included, if it is not tagged with it: --color-transfer converts it.")
    var inputTransfer: TransferCharacteristics?

    @Option(help: "Matrix of YUV input, if it is not tagged with it: --color-matrix converts it.")
    var inputMatrix: MatrixCoefficients?

    @Option(help: "Range of YUV input, if it is not tagged with it: --color-range converts it.")
    var inputRange: ColorRange?

    @Option(
        help: ArgumentHelp(
            "The brightness of white in SDR or linear input, and of 1 in linear light, where PQ is made of it or it of PQ. (default: 203)",
            valueName: "cd/m²"
        ),
        transform: expecting("cd/m², 1 to 10000, such as 203")
    )
    var referenceWhite: ReferenceWhite?

    /// What filters do.
    func filters() throws(Failure) -> PictureFilters {
        var filters = PictureFilters()
        (filters.deinterlaces, filters.denoises, filters.crop) = (deinterlace, denoise, crop)
        (filters.toneMapping, filters.fit, filters.pad) = (toneMap, fit, pad)
        if let filter {
            do throws(FilterRefusal) { filters.graph = try FilterDescription(filter) } catch {
                throw .usage("--filter \"\(filter)\" \(error)")
            }
        }
        return filters
    }

    /// The color of the input.
    var inputColor: InputColor {
        var color = InputColor()
        (color.inputPrimaries, color.inputTransfer, color.inputMatrix) = (inputPrimaries, inputTransfer, inputMatrix)
        color.inputFullRange = inputRange.map { $0 == .full }
        color.referenceWhite = referenceWhite?.light
        return color
    }
}

/// The brightness of white, in cd/m².
struct ReferenceWhite: ExpressibleByArgument {
    let light: Double

    init?(argument: String) {
        guard let light = Double(argument), (1...10_000).contains(light) else { return nil }
        self.light = light
    }
}
