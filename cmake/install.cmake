# What `cmake --install build/release` copies below the prefix.
include(GNUInstallDirs)

set(nexa_share "${CMAKE_INSTALL_DATADIR}/nexapod")
install(TARGETS nexa RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
install(DIRECTORY configs DESTINATION "${nexa_share}")
install(DIRECTORY schemas DESTINATION "${nexa_share}" FILES_MATCHING PATTERN "*.json")
install(FILES LICENSE README.md CHANGELOG.md DESTINATION "${CMAKE_INSTALL_DOCDIR}")
