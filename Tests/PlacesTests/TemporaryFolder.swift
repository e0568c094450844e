import Foundation
import SystemPackage
import TestSupport

extension TemporaryFolder {
    func path(_ name: String) -> FilePath { FilePath(file(name).path) }

    /// `nil` where there is no such file.
    func contents(of name: String) -> [UInt8]? { try? bytes(of: name) }
}
