internal import CPosix
public import SystemPackage

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// A file that may be an older report: only such a one is replaced by a new report without being asked.
public enum ReportFile {
    /// The largest file that is looked at: the report of ten thousand jobs has some ten megabytes.
    private static let limit = 256 << 20

    /// Whether a path leads to a regular file that is a report of Sluice, by its content: JSON, JUnit's XML, or a page.
    public static func isReport(_ path: FilePath) -> Bool {
        guard FileStamp(path) != nil,
            let file = try? FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .nonBlocking])
        else { return false }
        defer { try? file.close() }
        let bytes = contents(file)
        let head = String(decoding: bytes.prefix(4096), as: UTF8.self)
        if head.hasPrefix("<!DOCTYPE html>") { return head.contains("<meta name=\"generator\" content=\"sluice ") }
        if head.hasPrefix("<?xml") { return head.firstMatch(of: /<testsuites? [^>]*"sluice\b/) != nil }
        return isObject(bytes)
    }

    private static func contents(_ file: FileDescriptor) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count <= limit {
            let piece = file.available(upTo: 1 << 16)
            guard !piece.isEmpty else { return bytes }
            bytes += piece
        }
        return []
    }

    private static func isObject(_ bytes: [UInt8]) -> Bool {
        struct Report: Decodable {
            let program: String
            let manifest: String
        }
        guard let report = try? JSONDecoder().decode(Report.self, from: Data(bytes)) else { return false }
        return report.program.utf8.starts(with: "sluice ".utf8)
    }
}
