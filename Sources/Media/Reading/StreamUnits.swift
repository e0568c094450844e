internal import Bitstream
internal import Ingest
internal import Jobs
internal import VideoTypes

/// How the units of an elementary stream are laid out in it, and when.
protocol StreamUnitRules {
    associatedtype Splitter: StreamSplitter

    /// The unit as a decoder takes it.
    mutating func unit(_ unit: StreamUnit, _ splitter: Splitter) throws(BitstreamError) -> MediaUnit
    /// A message if the units differ from those that the stream claims to have; `nil` otherwise.
    func discrepancy(_ splitter: Splitter) -> String?
}

extension StreamUnitRules {
    func discrepancy(_ splitter: Splitter) -> String? { nil }
}

/// Units as they are, without times.
struct PlainUnitRules<Splitter: StreamSplitter>: StreamUnitRules {
    func unit(_ unit: StreamUnit, _ splitter: Splitter) -> MediaUnit {
        MediaUnit(unit.bytes, place: "the unit at byte \(unit.offset)")
    }
}

/// Length-delimited temporal units, which decoders take in the low-overhead format.
struct LengthDelimitedRules: StreamUnitRules {
    func unit(_ unit: StreamUnit, _ splitter: AV1AnnexBSplitter) throws(BitstreamError) -> MediaUnit {
        let bytes = try AV1TemporalUnit.readAnnexB(unit.bytes[...]).unit.bytes
        return MediaUnit(bytes, place: "the unit at byte \(unit.offset)")
    }
}

/// An elementary stream, cut into units.
final class StreamUnits<Rules: StreamUnitRules>: MediaUnits {
    private var source: ByteSource
    private(set) var splitter: Rules.Splitter
    private var rules: Rules
    private let notices: Notices?
    private var isEnded = false
    private var piece = [UInt8](repeating: 0, count: 1 << 16)

    init(_ source: consuming ByteSource, _ splitter: Rules.Splitter, _ rules: Rules, _ notices: Notices? = nil) {
        self.source = source
        self.notices = notices
        (self.splitter, self.rules) = (splitter, rules)
    }

    var isInterrupted: Bool { source.isInterrupted }

    func next() throws(JobError) -> MediaUnit? {
        do throws(BitstreamError) {
            if let unit = try splitter.next() { return try rules.unit(unit, splitter) }
        } catch {
            throw .media(source.name, error)
        }
        while !isEnded {
            try append()
            do throws(BitstreamError) {
                if let unit = try splitter.next() { return try rules.unit(unit, splitter) }
            } catch {
                throw .media(source.name, error)
            }
        }
        return isInterrupted ? nil : try last()
    }

    /// Reads on as far as there are bytes, so that a live stream's units come as they do.
    private func append() throws(JobError) {
        var span = piece.mutableSpan
        var target = unsafe span.mutableBytes
        let count: Int
        do throws(IngestError) { count = try source.readSome(into: &target) } catch { throw .input(error) }
        isEnded = count == 0
        splitter.append(piece[..<count])
    }

    private func last() throws(JobError) -> MediaUnit? {
        do throws(BitstreamError) {
            if let unit = try splitter.end() { return try rules.unit(unit, splitter) }
            if let notice = rules.discrepancy(splitter) { notices?.add("\(source.name): \(notice)") }
            return nil
        } catch {
            throw .media(source.name, error)
        }
    }
}
