internal import Places
internal import Sluice
package import SystemPackage

/// A file that may be an older report: only such a one is replaced by a new report without being asked.
package enum ReportFile {
    /// The largest file that is looked at: the report of ten thousand jobs has some ten megabytes.
    private static let limit = 256 << 20

    /// Whether a path leads to a regular file that is a report of Sluice, by its content: JSON, JUnit's XML, or a page.
    package static func isReport(_ path: FilePath) -> Bool {
        guard let (file, _) = (try? NamedPlace(path))?.openRegular() else { return false }
        defer { try? file.close() }
        guard let bytes = file.contents(limit: limit) else { return false }
        let head = String(decoding: bytes.prefix(4096), as: UTF8.self)
        if head.hasPrefix("<!DOCTYPE html>") { return head.contains("<meta name=\"generator\" content=\"sluice ") }
        if head.hasPrefix("<?xml") { return head.firstMatch(of: /<testsuites? [^>]*"sluice\b/) != nil }
        return isObject(bytes)
    }

    private static func isObject(_ bytes: [UInt8]) -> Bool {
        struct Report: Decodable {
            let program: String
            let manifest: String
        }
        guard let report = try? JSON.decode(Report.self, from: bytes) else { return false }
        return report.program.utf8.starts(with: "sluice ".utf8)
    }
}
