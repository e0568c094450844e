/// The display on which a picture was mastered (SMPTE ST 2086; HEVC D.2.28, AV1 5.8.3).
public struct MasteringDisplay: Hashable, Sendable {
    /// A point of the CIE 1931 diagram, in units of 0.00002.
    public struct Chromaticity: Hashable, Sendable {
        /// `0...50000`.
        public var x: Int
        /// `0...50000`.
        public var y: Int

        /// A point.
        public init(x: Int, y: Int) { (self.x, self.y) = (x, y) }
    }

    /// Red.
    public var red: Chromaticity
    /// Green.
    public var green: Chromaticity
    /// Blue.
    public var blue: Chromaticity
    /// White.
    public var white: Chromaticity
    /// The most luminance, in units of 0.0001 candela a square meter; above ``minLuminance``.
    public var maxLuminance: Int
    /// The least luminance, in units of 0.0001 candela a square meter; 0 or more.
    public var minLuminance: Int

    /// A display.
    public init(
        red: Chromaticity,
        green: Chromaticity,
        blue: Chromaticity,
        white: Chromaticity,
        maxLuminance: Int,
        minLuminance: Int
    ) {
        (self.red, self.green, self.blue, self.white) = (red, green, blue, white)
        (self.maxLuminance, self.minLuminance) = (maxLuminance, minLuminance)
    }
}

extension MasteringDisplay {
    /// Every number is in its range.
    package var isInRange: Bool {
        let points = [red, green, blue, white]
        return points.allSatisfy { (0...50000).contains($0.x) && (0...50000).contains($0.y) }
            && 0 <= minLuminance && minLuminance < maxLuminance && maxLuminance <= Int(Int32.max)
    }
}

extension MasteringDisplay: LosslessStringConvertible {
    /// `G(x,y)B(x,y)R(x,y)WP(x,y)L(max,min)`, as the x265 command has it.
    public var description: String {
        func point(_ point: Chromaticity) -> String { "(\(point.x),\(point.y))" }
        return "G\(point(green))B\(point(blue))R\(point(red))WP\(point(white))L(\(maxLuminance),\(minLuminance))"
    }

    /// Reads the five members in any order.
    public init?(_ description: String) {
        var pairs: [Substring: (Int, Int)] = [:]
        var rest = description[...]
        while !rest.isEmpty {
            guard let open = rest.firstIndex(of: "("), let close = rest[open...].firstIndex(of: ")") else { return nil }
            let numbers = rest[rest.index(after: open)..<close].split(separator: ",", omittingEmptySubsequences: false)
            let values = numbers.compactMap { $0.allSatisfy(\.isNumber) ? Int($0) : nil }
            guard numbers.count == 2, values.count == 2 else { return nil }
            guard pairs.updateValue((values[0], values[1]), forKey: rest[..<open]) == nil else { return nil }
            rest = rest[rest.index(after: close)...]
        }
        guard pairs.count == 5, let green = pairs["G"], let blue = pairs["B"], let red = pairs["R"],
            let white = pairs["WP"], let luminance = pairs["L"]
        else { return nil }
        let chromaticities = [green, blue, red, white].map { Chromaticity(x: $0.0, y: $0.1) }
        self.init(
            red: chromaticities[2],
            green: chromaticities[0],
            blue: chromaticities[1],
            white: chromaticities[3],
            maxLuminance: luminance.0,
            minLuminance: luminance.1
        )
        guard isInRange else { return nil }
    }
}

/// How bright a picture gets (CTA-861.3; HEVC D.2.35, AV1 5.8.2).
public struct ContentLightLevel: Hashable, Sendable {
    /// The brightest pixel of all, in candela a square meter, `0...65535`; 0 means unknown.
    public var maxCLL: Int
    /// The highest average of a picture, in candela a square meter, `0...65535`; 0 means unknown.
    public var maxFALL: Int

    /// Levels.
    public init(maxCLL: Int, maxFALL: Int) { (self.maxCLL, self.maxFALL) = (maxCLL, maxFALL) }
}

extension ContentLightLevel {
    /// Both numbers are in their range.
    package var isInRange: Bool { (0...65535).contains(maxCLL) && (0...65535).contains(maxFALL) }
}

extension ContentLightLevel: LosslessStringConvertible {
    /// `maxCLL,maxFALL`.
    public var description: String { "\(maxCLL),\(maxFALL)" }

    /// Reads two numbers with a comma between them.
    public init?(_ description: String) {
        let parts = description.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let max = parts[0], let average = parts[1] else { return nil }
        self.init(maxCLL: max, maxFALL: average)
        guard isInRange else { return nil }
    }
}

/// The HDR10 metadata of a whole stream.
public struct HDRMetadata: Hashable, Sendable {
    /// The display on which the picture was mastered.
    public var masteringDisplay: MasteringDisplay?
    /// How bright the picture gets.
    public var contentLightLevel: ContentLightLevel?

    /// Metadata; `nil` if both values are.
    public init?(masteringDisplay: MasteringDisplay?, contentLightLevel: ContentLightLevel?) {
        guard masteringDisplay != nil || contentLightLevel != nil else { return nil }
        (self.masteringDisplay, self.contentLightLevel) = (masteringDisplay, contentLightLevel)
    }

    /// This, with the values of the other where this has none.
    public func completed(by other: HDRMetadata?) -> HDRMetadata {
        var whole = self
        whole.masteringDisplay = masteringDisplay ?? other?.masteringDisplay
        whole.contentLightLevel = contentLightLevel ?? other?.contentLightLevel
        return whole
    }
}
