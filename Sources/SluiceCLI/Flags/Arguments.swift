public import ArgumentParser
public import Sluice

extension ExitCode {
    /// Ends the program so.
    init(_ status: ExitStatus) { self.init(status.code) }
}

/// Reads a flag's value as its type does; for an invalid one, the error has the expected form.
func expecting<Value: ExpressibleByArgument & SendableMetatype>(_ form: String) -> @Sendable (String) throws -> Value {
    { text in
        guard let value = Value(argument: text) else { throw ValidationError("expected \(form)") }
        return value
    }
}

/// The same for a value that one flag alone has.
func expecting<Value>(_ form: String, _ read: @escaping @Sendable (String) -> Value?)
    -> @Sendable (String) throws -> Value
{
    { text in
        guard let value = read(text) else { throw ValidationError("expected \(form)") }
        return value
    }
}

extension PictureSize: ExpressibleByArgument {}
extension FrameRate: ExpressibleByArgument {}
extension AudioOptions.Codec: ExpressibleByArgument {}
extension AudioOptions.Length: ExpressibleByArgument {}

extension PixelFormat: ExpressibleByArgument {
    /// Reads a format's own name, or FFmpeg's.
    public init?(argument: String) { self.init(name: argument) }
}

/// Reads a pixel format; for an unknown one, the error has the nearest names.
@Sendable
func pixelFormat(named name: String) throws -> PixelFormat {
    if let format = PixelFormat(name: name) { return format }
    let near = PixelFormat.names(near: name)
    let names = near.isEmpty ? PixelFormat.allCases.map(\.rawValue) : near
    throw ValidationError(
        (near.isEmpty ? "use " : "did you mean ") + names.joined(separator: ", ") + (near.isEmpty ? "" : "?")
    )
}

extension PixelFormat {
    /// What the help lists.
    static var namesForHelp: String {
        let names = allCases.map(\.rawValue).joined(separator: ", ")
        return "One of \(names); or FFmpeg's name of it. Samples of more than 8 bits have their low byte first."
    }
}

extension CompletionKind {
    /// The names of pixel formats.
    static var pixelFormats: CompletionKind { .list(PixelFormat.allCases.map(\.rawValue)) }
}

extension CropRequest: ExpressibleByArgument {}
extension PictureArea: ExpressibleByArgument {}
extension ToneMapping: ExpressibleByArgument {}
extension InputFormat: ExpressibleByArgument {}
extension MediaFormat: ExpressibleByArgument {}
extension ComparedInput.Format: ExpressibleByArgument {}
extension DecodeJob.Format: ExpressibleByArgument {}
extension BitrateMode: ExpressibleByArgument {}
extension LatencyMode: ExpressibleByArgument {}
extension ContentHint: ExpressibleByArgument {}
extension ChromaSubsampling: ExpressibleByArgument {}
extension OddSizePolicy: ExpressibleByArgument {}
extension OutputFormat: ExpressibleByArgument {}
extension ScalabilityMode: ExpressibleByArgument {}
extension HardwareAcceleration: ExpressibleByArgument {}
extension AlphaOption: ExpressibleByArgument {}
extension Orientation.Rotation: ExpressibleByArgument {}
extension MasteringDisplay: ExpressibleByArgument {}
extension ContentLightLevel: ExpressibleByArgument {}

extension VideoCodec: ExpressibleByArgument {
    /// Reads a codec's usual names: `h265` and `H264` as well.
    public init?(argument: String) { self.init(name: argument) }
}

extension RGBColor: ExpressibleByArgument {
    /// Reads six hexadecimal digits, in either case, with or without a number sign.
    public init?(argument: String) { self.init(hexadecimal: argument) }
}

extension ColorPrimaries: ExpressibleByArgument {
    /// What the help lists.
    public static var allValueStrings: [String] { names.map(\.name) }
}

extension TransferCharacteristics: ExpressibleByArgument {
    /// What the help lists.
    public static var allValueStrings: [String] { names.map(\.name) }
}

extension MatrixCoefficients: ExpressibleByArgument {
    /// What the help lists.
    public static var allValueStrings: [String] { names.map(\.name) }
}

extension EncoderOption: ExpressibleByArgument {
    /// Reads `KEY=VALUE`; `KEY` alone means `KEY=1`.
    public init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let key = parts.first, !key.isEmpty else { return nil }
        self.init(key: key, value: parts.count == 2 ? parts[1] : "1")
    }
}

/// A number with a factor after it: `5M`, `800k`, `2.5M`. The factors of bit rates are powers of 1000, those of memory
/// powers of 1024.
struct ScaledNumber {
    private static let factors: [Character: Int] = ["k": 1, "K": 1, "m": 2, "M": 2, "g": 3, "G": 3]

    static func parse(_ text: String, base: Int) -> Int? {
        let power = text.last.flatMap { factors[$0] }
        let digits = power == nil ? text[...] : text.dropLast()
        guard let first = digits.first, first.isNumber, let number = Double(digits), number.isFinite else { return nil }
        let value = (0..<(power ?? 0)).reduce(number) { value, _ in value * Double(base) }
        return value >= 1 && value <= 1e15 ? Int(value.rounded()) : nil
    }
}

struct Bitrate: ExpressibleByArgument {
    let bitsPerSecond: Int

    init?(argument: String) {
        guard let bits = ScaledNumber.parse(argument, base: 1000) else { return nil }
        bitsPerSecond = bits
    }
}

struct MemorySize: ExpressibleByArgument {
    let bytes: Int

    init?(argument: String) {
        guard let bytes = ScaledNumber.parse(argument, base: 1024) else { return nil }
        self.bytes = bytes
    }
}

struct Seconds: ExpressibleByArgument {
    let duration: Duration

    init(duration: Duration) { self.duration = duration }

    init?(argument: String) {
        guard let seconds = Double(argument), (0.001...1_000_000).contains(seconds) else { return nil }
        duration = .seconds(seconds)
    }
}

/// Seconds with up to six decimals, which are exact.
struct ExactSeconds: ExpressibleByArgument {
    let microseconds: Int64

    init?(argument: String) {
        let parts = argument.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.allSatisfy({ $0.allSatisfy { ("0"..."9").contains($0) } }) else {
            return nil
        }
        let decimals = parts.count == 2 ? String(parts[1]) : ""
        guard parts[0].count <= 7, decimals.count <= 6, !parts[0].isEmpty || !decimals.isEmpty,
            let number = Int64(parts[0] + decimals + String(repeating: "0", count: 6 - decimals.count)),
            (1...1_000_000_000_000).contains(number)
        else { return nil }
        microseconds = number
    }
}

/// `auto`, or how many.
struct Workers: ExpressibleByArgument {
    let workers: ParallelOptions.Workers

    init?(argument: String) {
        if argument == "auto" {
            workers = .auto
        } else if let count = Int(argument), (1...128).contains(count) {
            workers = .count(count)
        } else {
            return nil
        }
    }
}

enum ColorRange: String, CaseIterable, ExpressibleByArgument {
    case limited, full
}

enum ChromaSiting: String, CaseIterable, ExpressibleByArgument {
    case left, center

    var location: ChromaLocation { self == .left ? .left : .center }
}

enum LogLevel: String, CaseIterable, ExpressibleByArgument {
    case trace, debug, info, notice, warning, error, critical

    var level: Logger.Level { Logger.Level(rawValue: rawValue) ?? .warning }
}
