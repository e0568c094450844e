internal import VideoTypes

/// Options of libx265 that do nothing without another, as the presets and the user's options have it.
struct X265Needs {
    private let config: ValidatedEncoderConfig
    /// The value that was given last, by the option's name; `no-NAME` is 0.
    private let values: [String: String]

    init(_ config: ValidatedEncoderConfig) {
        self.config = config
        var values: [String: String] = [:]
        for option in config.values.encoderOptions {
            let isNegated = option.key.hasPrefix("no-") || option.key.hasPrefix("no_")
            values[X265Options.canonical(option.key)] = isNegated ? "0" : option.value
        }
        self.values = values
    }

    /// Why an option does nothing; `nil` if it does something, as far as is known.
    func unmet(by name: String) -> String? {
        if Self.ofBuffers.contains(name), !hasBuffer { return "has no effect without both vbv-maxrate and vbv-bufsize" }
        if name == "strict-cbr", !isConstant { return "has no effect without \(Setting.bitrateMode) constant" }
        if let need = Self.needs[name], !isMet(need) { return "has no effect without \(need.words)" }
        if Self.ofBFrames.contains(name), isOff("bframes") { return "has no effect with bframes=0" }
        return nil
    }

    private static let ofBuffers: Set<String> = [
        "vbv-maxrate", "vbv-bufsize", "vbv-init", "vbv-end", "vbv-end-fr-adj", "crf-max", "crf-min", "hrd", "const-vbv",
        "max-ausize-factor", "dynamic-rd", "min-vbv-fullness", "max-vbv-fullness",
    ]
    private static let ofBFrames: Set<String> = ["bframe-bias", "b-intra", "b-pyramid"]

    /// What an option needs: another one that is at least so much, or a preset that sets it.
    private struct Need {
        let option: String
        let least: Int
        /// The presets where it is enough without being given.
        let presets: Set<String>

        var words: String { "\(option)=\(least)" + (least > 1 && option != "rskip" ? " or more" : "") }
    }

    private static let slow: Set<String> = ["slow", "slower", "veryslow", "placebo"]
    private static let slower: Set<String> = ["slower", "veryslow", "placebo"]
    private static let withAQ = Set(X265Options.presets).subtracting(["ultrafast"])
    private static let withSAO = withAQ.subtracting(["superfast"])

    private static let needs: [String: Need] = [
        "psy-rdoq": Need(option: "rdoq-level", least: 1, presets: slow),
        "aq-strength": Need(option: "aq-mode", least: 1, presets: withAQ),
        "rskip-edge-threshold": Need(option: "rskip", least: 2, presets: []),
        "hme-search": Need(option: "hme", least: 1, presets: []),
        "hme-range": Need(option: "hme", least: 1, presets: []),
        "limit-sao": Need(option: "sao", least: 1, presets: withSAO),
        "sao-non-deblock": Need(option: "sao", least: 1, presets: withSAO),
        "rd-refine": Need(option: "rd", least: 5, presets: slower),
        "tskip-fast": Need(option: "tskip", least: 1, presets: []),
        "scenecut-bias": Need(option: "scenecut", least: 1, presets: withAQ),
        "hist-threshold": Need(option: "hist-scenecut", least: 1, presets: []),
        "amp": Need(option: "rect", least: 1, presets: slow),
        "qp-adaptation-range": Need(option: "hevc-aq", least: 1, presets: []),
    ]

    private func isMet(_ need: Need) -> Bool {
        // A fixed quantizer is one without adaptive quantization.
        if need.option == "aq-mode", case .quantizer = config.rateControl { return false }
        guard let value = values[need.option] else { return need.presets.contains(config.values.preset ?? "medium") }
        guard let number = Int(value) else { return value != "false" }
        return number >= need.least
    }

    private func isOff(_ name: String) -> Bool { values[name].map { $0 == "0" } ?? false }

    private var isConstant: Bool { if case .constant = config.rateControl { true } else { false } }

    private var hasBuffer: Bool {
        config.promisesLevel || isConstant || (values["vbv-maxrate"] != nil && values["vbv-bufsize"] != nil)
    }
}
