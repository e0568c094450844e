internal import CVPX
internal import VideoTypes

/// One long option of vpxenc that Sluice passes on.
struct VPXOption {
    /// Where libvpx takes it.
    enum Place {
        /// A field of its settings.
        case field(Field)
        /// A control.
        case control(vp8e_enc_control_id)
        /// The speed, which stands in several places.
        case speed
    }

    /// The fields of libvpx's settings that options fill.
    enum Field {
        case minQuantizer, maxQuantizer, undershoot, overshoot, buffer, bufferInitial, bufferOptimal
        case errorResilience, minSection, maxSection
    }

    /// The values that mean something.
    enum Values {
        case numbers(ClosedRange<Int>)
        /// Names, whose numbers are their places in the list.
        case names([String])
    }

    /// What must be so for the option to have an effect.
    enum Need {
        case nothing
        /// A bit rate is kept.
        case bitrate
        /// `bitrateMode` is constant.
        case constantRate
        /// `bitrateMode` is variable.
        case variableRate
        /// The quantizer is libvpx's to choose.
        case freeQuantizer
        /// The stream has no layers.
        case oneLayer
    }

    let name: String
    let codecs: Set<VideoCodec>
    let values: Values
    let place: Place
    let need: Need

    init(
        _ name: String,
        for codecs: Set<VideoCodec> = [.vp8, .vp9],
        _ values: Values,
        _ place: Place,
        needs need: Need = .nothing
    ) {
        (self.name, self.codecs, self.values, self.place, self.need) = (name, codecs, values, place, need)
    }

    /// The number that a text means; `nil` if it means none.
    func number(_ text: String) -> Int? {
        switch values {
        case .numbers(let range):
            guard let number = Int(text), range.contains(number) else { return nil }
            return number
        case .names(let names): return names.firstIndex(of: text)
        }
    }

    /// What would have been a value, for messages.
    var expected: String {
        switch values {
        case .numbers(let range): "a number in \(range.lowerBound)...\(range.upperBound)"
        case .names(let names): names.joined(separator: " or ")
        }
    }
}

extension VPXOption.Need {
    /// Why an option has no effect; `nil` if it has.
    func refusal(_ parameters: VPXParameters) -> String? {
        let mode = parameters.config.values.bitrateMode
        switch self {
        case .nothing: return nil
        case .bitrate: return parameters.bitrate == nil ? "has no effect without a bitrate" : nil
        case .constantRate:
            return parameters.bitrate != nil && mode == .constant ? nil : "has no effect without bitrateMode constant"
        case .variableRate:
            guard parameters.bitrate != nil else { return "has no effect without a bitrate" }
            return mode == .constant ? "contradicts bitrateMode constant, which sets it" : nil
        case .freeQuantizer:
            return parameters.isFixedQuantizer
                ? "contradicts \(parameters.config.fixedBy), which fixes the quantizer" : nil
        case .oneLayer: return parameters.layers.count > 1 ? "is set by temporal layers" : nil
        }
    }
}
