/// `START,END,q=N` or `START,END,b=F`, more of them after a slash: libx264's and libx265's option `zones`, which gives runs of frames
/// a quantizer or a share of the bit rate of their own.
package struct FrameZones: Hashable, Sendable {
    /// The option's name in both libraries.
    package static let option = "zones"
    /// How the option is written, for messages.
    package static let form = "START,END,q=QUANTIZER or START,END,b=FACTOR, with / between several"

    private struct Zone: Hashable, Sendable {
        var frames: ClosedRange<Int>
        let setting: Substring
    }

    private let zones: [Zone]

    private init(_ zones: [Zone]) { self.zones = zones }

    /// Reads the option's value; `nil` if it is not of this form.
    package init?(_ text: String) {
        let zones = text.split(separator: "/", omittingEmptySubsequences: false).map(Self.zone)
        guard zones.allSatisfy({ $0 != nil }) else { return nil }
        self.zones = zones.compactMap { $0 }
    }

    private static func zone(_ text: Substring) -> Zone? {
        let parts = text.split(separator: ",", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let first = frame(parts[0]), let last = frame(parts[1]), first <= last,
            isSetting(parts[2])
        else { return nil }
        return Zone(frames: first...last, setting: parts[2])
    }

    private static func frame(_ text: Substring) -> Int? {
        decimal(text).flatMap { $0 <= Int(Int32.max) ? $0 : nil }
    }

    private static func isSetting(_ text: Substring) -> Bool {
        if text.hasPrefix("q=") { return decimal(text.dropFirst(2)).map { $0 <= 69 } ?? false }
        guard text.hasPrefix("b="), let factor = Double(text.dropFirst(2)) else { return false }
        return factor > 0 && factor <= 100
    }

    /// The zones for frames from one on, which becomes number 0; `nil` if none remains.
    package func counting(fromFrame firstFrame: Int) -> FrameZones? {
        let rest = zones.filter { $0.frames.upperBound >= firstFrame }.map { zone in
            var zone = zone
            zone.frames = max(0, zone.frames.lowerBound - firstFrame)...(zone.frames.upperBound - firstFrame)
            return zone
        }
        return rest.isEmpty ? nil : FrameZones(rest)
    }
}

extension FrameZones: CustomStringConvertible {
    /// The option's value.
    package var description: String {
        zones.map { "\($0.frames.lowerBound),\($0.frames.upperBound),\($0.setting)" }.joined(separator: "/")
    }
}
