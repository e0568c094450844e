internal import VideoTypes

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A color profile of the International Color Consortium (ICC.1:2022): its colors by name, if it has those of one.
///
/// Profiles are recognized by their values, since names differ from program to program.
struct ICCProfile {
    private let bytes: PictureBytes
    /// Where the data of each tag is.
    private var tags: [String: Range<Int>] = [:]

    /// - Parameter data: The profile.
    /// - Returns: `nil` if it is not a whole one.
    init?(_ data: ArraySlice<UInt8>) {
        bytes = PictureBytes(data, origin: 0)
        guard bytes.slice(36, 4)?.elementsEqual("acsp".utf8) == true, let count = bytes.number(128, bytes: 4),
            count <= 200, bytes.slice(132, count * 12) != nil
        else { return nil }
        for entry in 0..<count {
            let position = 132 + entry * 12
            guard let name = bytes.slice(position, 4), let start = bytes.number(position + 4, bytes: 4),
                let size = bytes.number(position + 8, bytes: 4), bytes.slice(start, size) != nil
            else { return nil }
            tags[String(decoding: name, as: UTF8.self)] = start..<start + size
        }
    }

    /// The colors of a picture with a profile.
    static func color(_ data: ArraySlice<UInt8>) -> PictureColor {
        guard let profile = ICCProfile(data) else {
            return PictureColor(unknown: "its color profile (ICC) is damaged, so its colors are not known")
        }
        if let color = profile.color { return color }
        let name = profile.name.map { " \"\($0)\"" } ?? ""
        return PictureColor(
            unknown:
                "its color profile (ICC)\(name) is not one of \(PictureColor.known) with a curve that has a name, so its colors are not known"
        )
    }

    private var color: PictureColor? {
        if let tag = tags["cicp"], tag.count >= 12, let primaries = bytes.byte(tag.lowerBound + 8),
            let transfer = bytes.byte(tag.lowerBound + 9), ![0, 2].contains(primaries), ![0, 2].contains(transfer)
        {
            return PictureColor(primaries: .init(rawValue: primaries), transfer: .init(rawValue: transfer))
        }
        switch text(16) {
        // Gray of any primaries is the same.
        case "GRAY": return transfer("kTRC").map { PictureColor(primaries: .bt709, transfer: $0) }
        case "RGB ":
            guard let primaries, let transfer = transfer("rTRC"), transfer == self.transfer("gTRC"),
                transfer == self.transfer("bTRC")
            else { return nil }
            return PictureColor(primaries: primaries, transfer: transfer)
        default: return nil
        }
    }

    // MARK: Primaries

    /// X, Y and Z of red, green and blue, adapted to D50, as profiles have them.
    private static let colorants: [(primaries: ColorPrimaries, values: [Double])] = [
        (.bt709, [0.4361, 0.2225, 0.0139, 0.3851, 0.7169, 0.0971, 0.1431, 0.0606, 0.7141]),
        (.smpte432, [0.5151, 0.2412, -0.0011, 0.2920, 0.6922, 0.0419, 0.1571, 0.0666, 0.7841]),
        (.bt2020, [0.6734, 0.2790, -0.0019, 0.1656, 0.6753, 0.0300, 0.1251, 0.0456, 0.7969]),
    ]

    private var primaries: ColorPrimaries? {
        let own = ["rXYZ", "gXYZ", "bXYZ"].compactMap { tags[$0] }.flatMap { tag in
            (0..<3).compactMap { fixed(tag.lowerBound + 8 + $0 * 4) }
        }
        guard own.count == 9 else { return nil }
        return Self.colorants.first { zip(own, $0.values).allSatisfy { abs($0 - $1) < 0.003 } }?.primaries
    }

    // MARK: Curves

    private static let curves: [(transfer: TransferCharacteristics, light: @Sendable (Double) -> Double)] = [
        (.srgb, { $0 <= 0.04045 ? $0 / 12.92 : (($0 + 0.055) / 1.055).raised(to: 2.4) }),
        (.linear, { $0 }),
        (.gamma22, { $0.raised(to: 2.2) }),
        (.bt709, { $0 < 0.081 ? $0 / 4.5 : (($0 + 0.099) / 1.099).raised(to: 1 / 0.45) }),
    ]

    private func transfer(_ name: String) -> TransferCharacteristics? {
        guard let tag = tags[name] else { return nil }
        let places = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9]
        let own = places.compactMap { light(of: $0, tag) }
        guard own.count == places.count else { return nil }
        return Self.curves.first { curve in
            zip(places, own).allSatisfy { abs(curve.light($0) - $1) < 0.0015 }
        }?.transfer
    }

    /// The light of a sample of 0...1.
    private func light(of sample: Double, _ tag: Range<Int>) -> Double? {
        let start = tag.lowerBound
        switch text(start) {
        case "curv": return bytes.number(start + 8, bytes: 4).flatMap { table(sample, start + 12, count: $0) }
        case "para": return bytes.number(start + 8, bytes: 2).flatMap { function(sample, start + 12, kind: $0) }
        default: return nil
        }
    }

    /// No number is the sample itself, one an exponent, and more are light of samples in equal steps.
    private func table(_ sample: Double, _ start: Int, count: Int) -> Double? {
        guard bytes.slice(start, count * 2) != nil else { return nil }
        func entry(_ index: Int) -> Double { Double(bytes.number(start + index * 2, bytes: 2) ?? 0) }
        switch count {
        case 0: return sample
        case 1: return sample.raised(to: entry(0) / 256)
        default:
            let place = sample * Double(count - 1)
            let below = min(Int(place), count - 2)
            let share = place - Double(below)
            return (entry(below) * (1 - share) + entry(below + 1) * share) / 65535
        }
    }

    /// A power, with a straight part below `d` (ICC.1:2022 10.18).
    private func function(_ sample: Double, _ start: Int, kind: Int) -> Double? {
        guard let count = [1, 3, 4, 5, 7].dropFirst(kind).first else { return nil }
        let values = (0..<count).compactMap { fixed(start + $0 * 4) }
        guard values.count == count else { return nil }
        let (g, a, b) = (values[0], kind == 0 ? 1 : values[1], kind == 0 ? 0 : values[2])
        func power(plus last: Double) -> Double { max(0, a * sample + b).raised(to: g) + last }
        switch kind {
        case 0: return power(plus: 0)
        case 1, 2:
            let last = kind == 2 ? values[3] : 0
            return a * sample + b >= 0 ? power(plus: last) : last
        default:
            let (e, f) = kind == 4 ? (values[5], values[6]) : (0, 0)
            return sample >= values[4] ? power(plus: e) : values[3] * sample + f
        }
    }

    /// A signed number of 16 bits and as many of a fraction.
    private func fixed(_ position: Int) -> Double? {
        bytes.number(position, bytes: 4).map { Double(Int32(truncatingIfNeeded: $0)) / 65536 }
    }

    /// Four characters.
    private func text(_ position: Int) -> String {
        String(decoding: bytes.slice(position, 4) ?? [], as: UTF8.self)
    }

    // MARK: Name

    /// What the profile calls itself, for messages.
    private var name: String? {
        guard let tag = tags["desc"], let kind = bytes.slice(tag.lowerBound, 4) else { return nil }
        var text: String?
        if kind.elementsEqual("desc".utf8), let length = bytes.number(tag.lowerBound + 8, bytes: 4) {
            text = bytes.slice(tag.lowerBound + 12, min(length, 100)).map { String(decoding: $0, as: UTF8.self) }
        } else if kind.elementsEqual("mluc".utf8), let length = bytes.number(tag.lowerBound + 20, bytes: 4),
            let offset = bytes.number(tag.lowerBound + 24, bytes: 4)
        {
            let start = tag.lowerBound + offset
            let units = (0..<min(length / 2, 100)).compactMap { bytes.number(start + $0 * 2, bytes: 2) }
            text = String(decoding: units.map { UInt16(truncatingIfNeeded: $0) }, as: UTF16.self)
        }
        let printed = String((text ?? "").unicodeScalars.filter { (" "..."~").contains($0) })
        return printed.isEmpty ? nil : printed
    }
}

extension Double {
    fileprivate func raised(to exponent: Double) -> Double { pow(self, exponent) }
}
