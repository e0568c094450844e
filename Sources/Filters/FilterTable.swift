internal import VideoTypes

/// The filters that a graph may have. A filter that is not here is refused: what it opens or holds is not known.
enum FilterTable {
    /// What is known of a filter.
    struct Traits {
        /// Pictures depend on others, or on how many came before; or there are not as many as came.
        var looksAcross = false
        /// Options with the name of a file that is read: all names of the option, and its place if it needs no name.
        var files: [(names: [String], place: Int?)] = []
        /// Options that write, or name what cannot be checked.
        var refused: [String] = []
        /// The option without which every run is another, by its names.
        var seed: [String] = []
        /// The option that makes pictures without end if it is negative, and its place.
        var endless: (name: String, place: Int)?
        /// Options without a name are counted: only the first may have none.
        var hasGuardedOptions: Bool { !files.isEmpty || !refused.isEmpty }
    }

    /// What is known of a filter; `nil` if it is not allowed.
    static func traits(of name: String) -> Traits? {
        if let traits = special[name] { return traits }
        if single.contains(name) { return Traits() }
        return across.contains(name) ? Traits(looksAcross: true) : nil
    }

    /// Throws if a filter or one of its options is not allowed.
    static func check(_ use: FilterUse) throws(FilterRefusal) {
        guard let traits = traits(of: use.name) else {
            let reason = reasons[use.name] ?? (isHardware(use.name) ? "needs a device" : nil)
            if let reason { throw FilterRefusal("has the filter \(use.name), which \(reason)") }
            let near = (single + across + special.keys).nearest(to: use.name)
            let words = near.isEmpty ? "" : " (did you mean \(near.joined(separator: ", "))?)"
            throw FilterRefusal("has the filter \(use.name), which is not one that Sluice allows\(words)")
        }
        for option in use.options {
            guard let name = option.name else { continue }
            guard !name.contains("/") else {
                throw FilterRefusal("has the option \(name) of \(use.name), which reads a file as an option's value")
            }
            guard !traits.refused.contains(name) else {
                throw FilterRefusal(
                    "has the option \(name) of \(use.name), which is not allowed: it writes or opens more"
                )
            }
        }
        try checkUnnamed(use, traits)
        try checkValues(use, traits)
    }

    /// What an option's place makes of it depends on the version of the filter.
    private static func checkUnnamed(_ use: FilterUse, _ traits: Traits) throws(FilterRefusal) {
        let unnamed = use.options.filter { $0.name == nil }
        guard traits.hasGuardedOptions, let second = unnamed.dropFirst().first else { return }
        throw FilterRefusal(
            "has an option of \(use.name) without a name, \(second.value): only the first may have none (use NAME=VALUE)"
        )
    }

    private static func checkValues(_ use: FilterUse, _ traits: Traits) throws(FilterRefusal) {
        if let (name, place) = traits.endless, let value = use.value([name], at: place), value.hasPrefix("-") {
            throw FilterRefusal("has \(use.name) with \(name)=\(value), which never ends")
        }
        guard !traits.seed.isEmpty else { return }
        guard let seed = use.value(traits.seed), UInt32(seed) != nil else {
            throw FilterRefusal(
                "has the filter \(use.name) without \(traits.seed[0]): every run would give other pictures (use \(use.name)=\(traits.seed[0])=1)"
            )
        }
    }

    /// The files that a filter reads.
    static func files(of use: FilterUse) -> [String] {
        (traits(of: use.name)?.files ?? []).compactMap { use.value($0.names, at: $0.place) }.filter { !$0.isEmpty }
    }

    private static func isHardware(_ name: String) -> Bool {
        ["_opencl", "_vulkan", "_vaapi", "_qsv", "_cuda", "_npp", "_amf", "_videotoolbox"].contains {
            name.hasSuffix($0)
        }
            || name.hasPrefix("hw")
    }

    /// Filters with options that name files.
    private static let special: [String: Traits] = [
        "lut3d": Traits(files: [(["file"], 0)]),
        "lut1d": Traits(files: [(["file"], 0)]),
        "subtitles": Traits(files: [(["filename", "f"], 0), (["fontsdir"], nil)]),
        "ass": Traits(files: [(["filename", "f"], 0), (["fontsdir"], nil)]),
        "drawtext": Traits(files: [(["fontfile"], 0), (["textfile"], nil)]),
        "removelogo": Traits(files: [(["filename", "f"], 0)]),
        "curves": Traits(files: [(["psfile"], nil)], refused: ["plot"]),
        "find_rect": Traits(looksAcross: true, files: [(["object"], 0)]),
        "fieldhint": Traits(looksAcross: true, files: [(["hint"], 0)]),
        "nnedi": Traits(looksAcross: true, files: [(["weights"], 0)]),
        "metadata": Traits(looksAcross: true, refused: ["file"]),
        "deshake": Traits(looksAcross: true, refused: ["filename"]),
        "bm3d": Traits(looksAcross: true),
        "tpad": Traits(looksAcross: true, endless: ("stop", 1)),
        "shufflepixels": Traits(seed: ["seed", "s"]),
        "elbg": Traits(seed: ["seed", "s"]),
        "random": Traits(looksAcross: true, seed: ["seed"]),
    ]

    private static func names(_ text: String) -> [String] {
        text.split(whereSeparator: \.isWhitespace).map(String.init)
    }

    /// Filters that make each picture of one, by itself, or of several that are made of one.
    private static let single = names(
        """
        addroi alphaextract alphamerge avgblur bbox bilateral bitplanenoise blend cas chromahold chromakey
        chromanr chromashift ciescope colorbalance colorchannelmixer colorcontrast colorcorrect colorhold colorize colorkey
        colorlevels colormap colormatrix colorspace colortemperature convolution convolve copy crop datascope dblur dctdnoiz
        deband deblock deconvolve deflate delogo despill dilation displace drawbox drawgrid edgedetect epx eq erosion
        exposure extractplanes fftfilt field fieldorder fillborders floodfill format fspp gblur geq gradfun grayworld
        guided haldclut hflip histeq histogram hqx hstack hsvhold hsvkey hue huesaturation hysteresis il inflate kirsch
        lenscorrection limiter limitdiff lumakey lut lut2 lutrgb lutyuv maskedclamp maskedmax maskedmerge maskedmin
        maskedthreshold maskfun median mergeplanes midequalizer monochrome morpho multiply negate nlmeans noformat null
        oscilloscope overlay owdenoise pad perspective pixelize pixscope pp pp7 premultiply prewitt pseudocolor remap
        removegrain rgbashift roberts rotate sab scale scale2ref scharr selectivecolor setdar setfield setparams setrange setsar
        shear showinfo shuffleplanes sidedata signalstats smartblur sobel split spp super2xsai swaprect swapuv
        threshold tonemap transpose unpremultiply unsharp v360 vaguedenoiser varblur vectorscope vflip vibrance vignette vstack
        waveform xbr xcorrelate xmedian xstack yaepblur zscale
        """
    )

    /// Filters that look at several pictures, count them, look at their times, or give out more or fewer.
    private static let across = names(
        """
        amplify atadenoise blackdetect blackframe blockdetect blurdetect bwdif cropdetect decimate dedot deflicker dejudder
        detelecine doubleweave entropy estdif fade fftdnoiz fieldmatch fps framepack framerate framestep freezedetect
        freezeframes hqdn3d identity idet interlace kerndeint lagfun mestimate minterpolate mix mpdecimate msad noise normalize
        phase photosensitivity pullup readeia608 readvitc repeatfields scdet scroll select separatefields setpts settb
        shuffleframes siti stereo3d streamselect tblend telecine thistogram tile tinterlace tlut2 tmedian tmidequalizer tmix
        trim untile vfrdet w3fdif weave xfade yadif zoompan
        """
    )

    /// Why well-known filters are refused.
    private static let reasons: [String: String] = {
        var reasons = [
            "frei0r": "loads programs", "frei0r_src": "loads programs", "coreimage": "loads programs",
            "boxblur": "writes outside of its memory with floats and with words (use avgblur or gblur)",
            "realtime": "waits for the time of day", "segment": "has more than one output",
            "greyedge": "gives other pictures in every run",
            "libvmaf": "compares two inputs (use sluice compare)", "psnr": "compares two inputs (use sluice compare)",
            "ssim": "compares two inputs (use sluice compare)", "libplacebo": "needs a device",
            "concat": "joins inputs, of which there is one", "interleave": "joins inputs, of which there is one",
        ]
        for name in names("movie amovie buffer buffersink nullsink") {
            reasons[name] = "opens an input or output of its own"
        }
        for name in names("sendcmd asendcmd zmq azmq") { reasons[name] = "takes commands from elsewhere" }
        for name in names("signature vidstabdetect vidstabtransform vmafmotion graphmonitor bench perms") {
            reasons[name] = "is for analysis, and writes files or changes nothing"
        }
        for name in names("reverse loop thumbnail palettegen paletteuse") {
            reasons[name] = "keeps any number of pictures, or waits for the last"
        }
        for name in names("dnn_processing dnn_classify dnn_detect sr derain ocr") { reasons[name] = "loads a model" }
        for name in names(
            "color nullsrc testsrc testsrc2 rgbtestsrc yuvtestsrc smptebars smptehdbars gradients life mandelbrot"
        ) {
            reasons[name] = "makes pictures without an input, and may never end"
        }
        return reasons
    }()
}
