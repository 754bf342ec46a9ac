# cmake --install: the tools, and the notices that go with them. Tests are not installed.

include(GNUInstallDirs)
foreach(tool tenon tenon-opt)
  if(TARGET ${tool})
    # LLVM's shared libraries lie in a folder of their own.
    set_target_properties(${tool} PROPERTIES INSTALL_RPATH_USE_LINK_PATH ON)
    install(TARGETS ${tool} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  endif()
endforeach()
install(FILES LICENSE THIRD-PARTY-NOTICES.md README.md
        DESTINATION ${CMAKE_INSTALL_DOCDIR})

# find_package(Tenon): tenon_add_model() and toolchain files, which are the same on every machine.
include(CMakePackageConfigHelpers)
set(package ${CMAKE_INSTALL_DATADIR}/cmake/Tenon)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/TenonConfigVersion.cmake
  COMPATIBILITY SameMajorVersion ARCH_INDEPENDENT)
install(DIRECTORY cmake/package/ DESTINATION ${package})
install(FILES ${CMAKE_BINARY_DIR}/TenonConfigVersion.cmake DESTINATION ${package})
