from index.load.files import find_files as find_files
from index.load.files import load_document as load_document
from index.load.files import read_file as read_file
from index.load.files import read_parts as read_parts
