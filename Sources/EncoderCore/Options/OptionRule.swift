package import VideoTypes

/// Why an option that the library knows is refused, as the end of the sentence that begins with the option.
package enum OptionRefusal: Sendable {
    /// It has no effect without this.
    case without(String)
    /// It has no effect with this.
    case with(String)
    /// This is decided by another setting, which the option would undo.
    case contradicts(String)
    /// Any other reason, as a verb and what follows.
    case because(String)

    /// The predicate of the sentence.
    package var text: String {
        switch self {
        case .without(let need): "has no effect without \(need)"
        case .with(let other): "has no effect with \(other)"
        case .contradicts(let promise): "contradicts \(promise)"
        case .because(let reason): reason
        }
    }
}

/// What must be true of the rest of the configuration for an option to have an effect, and to break no promise.
package struct OptionRule: Sendable {
    /// Why the option is refused here; `nil` if it is not.
    package let refusal: @Sendable (GivenOptions) -> OptionRefusal?

    /// A rule.
    package init(_ refusal: @escaping @Sendable (GivenOptions) -> OptionRefusal?) { self.refusal = refusal }

    /// A rule with one refusal, for configurations that fail a test.
    package static func unless(
        _ isMet: @escaping @Sendable (ValidatedEncoderConfig) -> Bool,
        _ refusal: @escaping @autoclosure @Sendable () -> OptionRefusal
    ) -> OptionRule { OptionRule { isMet($0.config) ? nil : refusal() } }
}

extension OptionRule {
    /// A bit rate is kept.
    package static let bitrate = unless({ $0.rateControl.bitrate != nil }, .without("a bitrate"))

    /// `bitrateMode` is constant.
    package static let constantBitrate = unless({ $0.keepsConstantRate }, .without("\(Setting.bitrateMode) constant"))

    /// The buffer is not that of a constant rate.
    package static let freeBuffer = unless(
        { !$0.keepsConstantRate },
        .contradicts("\(Setting.bitrateMode) constant, which sets it")
    )

    /// libx264 and libx265 keep to a buffer, because the rate is constant, a level was asked for, or the options set it.
    package static let vbv = OptionRule { given in
        let isGiven = given.values["vbv-maxrate"] != nil && given.values["vbv-bufsize"] != nil
        let isKept = given.config.promisesLevel || given.config.keepsConstantRate || isGiven
        return isKept ? nil : .without("both vbv-maxrate and vbv-bufsize")
    }

    /// The quantizer is the library's to choose.
    package static let freeQuantizer = OptionRule { given in
        guard case .quantizer = given.config.rateControl else { return nil }
        return .contradicts("\(given.config.fixedBy), which fixes the quantizer")
    }

    /// Something is quantized.
    package static let lossy = unless({ !$0.values.lossless }, .contradicts("lossless"))

    /// Another option is not 0.
    ///
    /// - Parameters:
    ///   - name: The other option.
    ///   - isDefault: Whether it is on where it is not given.
    package static func on(_ name: String, isDefault: Bool = false) -> OptionRule {
        OptionRule { $0.isOn(name, isDefault: isDefault) ? nil : .without("\(name)=1") }
    }
}

extension ValidatedEncoderConfig {
    fileprivate var keepsConstantRate: Bool { if case .constant = rateControl { true } else { false } }
}

extension ValidatedEncoderConfig.RateControl {
    /// The bit rate that is kept; `nil` where none is.
    package var bitrate: Int? {
        switch self {
        case .constant(let bitrate), .variable(let bitrate): bitrate
        case .quality, .quantizer: nil
        }
    }
}
